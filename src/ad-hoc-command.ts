import * as Flags from '@oclif/core/flags'
import {BaseCommand} from './base-command.ts'
import type {Path} from './config/mistake.ts'
import {LONGEST_TIMER_MS} from './core/duration.ts'
import {UserError} from './core/errors.ts'
import {exitCodeOf, exitCodes} from './core/exit-code.ts'
import {blameOf} from './core/failure.ts'
import type {Json} from './core/json.ts'
import {redactText, urlSecrets} from './core/redact.ts'
import type {Objective} from './core/objective.ts'
import type {Report} from './core/report.ts'
import type {AttemptResult} from './core/result.ts'
import {durationFlag} from './flags/duration-flag.ts'
import {elapsedLine} from './flags/elapsed-line.ts'
import {terminal} from './flags/terminal.ts'
import {carryOut} from './pipeline.ts'
import {probeNamed} from './probes/probe-named.ts'
import {targetOf} from './probes/target.ts'
import type {ReporterOptions} from './reporters/reporter.ts'
import {waterfall, waterfallSummary} from './reporters/waterfall.ts'

interface AdHocProbe {
  readonly probe: string
  readonly address: string
  /** The probe's own options, as its schema takes them. */
  readonly options: object
  readonly secrets?: readonly string[]
  readonly attempts?: number
  /** How many of them at a time. */
  readonly concurrency?: number
  /** What is printed below the line of an attempt, where its details hold more. */
  readonly beside?: (result: AttemptResult, options: ReporterOptions) => string
  /** What it is judged by, besides "all attempts good". */
  readonly objectives?: readonly Objective[]
}

interface AdHocFlags {
  readonly interval: number
  readonly timeout: number
  readonly ipv4: boolean
  readonly ipv6: boolean
}

/** One probe on one target, without any config: for whoever is on call. The answer is a line for each attempt. */
export abstract class AdHocCommand extends BaseCommand {
  static override baseFlags = {
    interval: durationFlag({
      default: 1000,
      defaultHelp: () => Promise.resolve('1s'),
      helpGroup: 'PACE',
      summary: 'from the start of one attempt to the next',
    }),
    timeout: durationFlag({
      char: 't',
      default: 5000,
      defaultHelp: () => Promise.resolve('5s'),
      helpGroup: 'PACE',
      min: 1,
      summary: 'how long an attempt may take, beyond the time that its messages are spread over',
    }),
    ipv4: Flags.boolean({char: digit('4'), helpGroup: 'NETWORK', summary: 'use IPv4 only; with --ipv6 each by itself'}),
    ipv6: Flags.boolean({char: digit('6'), helpGroup: 'NETWORK', summary: 'use IPv6 only'}),
  }

  /** Runs the probe, prints as it goes, sets the exit code, and returns what `--json` prints. */
  protected async probe(
    {probe, address, options, secrets = [], attempts = 1, concurrency = 1, objectives = [], beside}: AdHocProbe,
    flags: AdHocFlags,
  ): Promise<Report> {
    const kind = await probeNamed(probe)
    const wrong = kind.reject(address)
    if (wrong) throw new UserError(wrong)
    const parsed = kind.options.safeParse(options)
    if (!parsed.success) {
      const {explain} = await import('./config/explain.ts')
      const context = {schema: kind.options, document: options as Json, written: options as Json}
      const mistakes = parsed.error.issues
        .flatMap((issue) => explain(issue, context))
        .map(({path, message}) => `${flagAt(path, flags)}: ${message}`)
      throw new UserError(redactText([...new Set(mistakes)].join('\n'), secrets))
    }
    const checks = familiesOf(flags).map((family) => ({
      name: probe,
      probe,
      target: targetOf(address, family),
      options,
      attempts,
      concurrency,
      intervalMs: flags.interval,
      timeoutMs: flags.timeout,
      needs: [],
      tags: [],
    }))
    const told = elapsedLine(`${probe} ${targetOf(address).display}`, kind.takesMs(options) * attempts)
    const report = await carryOut(
      {
        profile: 'none',
        instance: 'ad-hoc',
        location: 'default',
        checks,
        missing: [],
        objectives,
        runbooks: {},
        selection: 'all',
        secrets: [...secrets, ...urlSecrets(address)],
      },
      {
        version: this.config.version,
        signal: this.interruptSignal(),
        timeoutMs: LONGEST_TIMER_MS,
        concurrency: 1,
        strict: false,
        onAttempt: (result) => {
          const more = beside?.(result, terminal())
          told.clear()
          this.log(more ? `${waterfall(result)}\n${more}` : waterfall(result))
        },
      },
    ).finally(told.end)
    if (attempts > 1 || checks.length > 1) this.log(waterfallSummary(report))
    this.exitWith(isOperatorsToMend(report) ? exitCodes.usage : exitCodeOf(report))
    return report
  }
}

/** Nothing was measured because of how it was asked: a mistake of usage that only the target could tell. */
function isOperatorsToMend({checks}: Report): boolean {
  const attempts = checks.flatMap((check) => check.attempts)
  return attempts.length > 0 && attempts.every((attempt) => !attempt.ok && blameOf(attempt.failure.code) === 'operator')
}

/** Which address families are probed, each as a target of its own; undefined is whichever the resolver names first. */
function familiesOf({ipv4, ipv6}: AdHocFlags): readonly (4 | 6 | undefined)[] {
  const families = [...(ipv4 ? [4 as const] : []), ...(ipv6 ? [6 as const] : [])]
  return families.length > 0 ? families : [undefined]
}

/** An option as the user gave it: by its flag, where one has its name. */
function flagAt(path: Path, flags: object): string {
  const named = path.map((step) => String(step).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
  const flag = named.findLast((name) => Object.hasOwn(flags, name))
  return flag === undefined ? path.join('.') : `--${flag}`
}

/** oclif's parser takes any character; only its type knows letters alone. */
function digit(character: '4' | '6'): 'a' {
  return character as string as 'a'
}
