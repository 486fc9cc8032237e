import {randomUUID} from 'node:crypto'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {ConfigError} from '../../config/mistake.ts'
import {UserError} from '../../core/errors.ts'
import {redactJson} from '../../core/redact.ts'
import {makeReport, type Report} from '../../core/report.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {durationFlag} from '../../flags/duration-flag.ts'
import {instantFlag} from '../../flags/instant-flag.ts'
import {prometheusFlags, prometheusOf} from '../../flags/prometheus-flags.ts'
import {reportFlags} from '../../flags/report-flags.ts'
import {loadSloProfile, scrapeInterval, type SloProfile} from '../../slo-profile.ts'
import {answerable, judgeObjectives} from '../../slo/judge-objectives.ts'
import {prometheusAt} from '../../slo/prometheus/prometheus.ts'

const YEAR_MS = 366 * 86_400_000

export default class SloCheck extends BaseCommand {
  static override summary = 'judge every objective that Prometheus can answer'
  static override description = `The same objectives and the same judge as in a run, on what the system itself exports. What Prometheus does not know is inconclusive, never a pass: no data, a window that is longer than the data, a limit between two buckets.

Exit codes: 0 every promise kept, 1 an objective missed, 2 usage, config or a query that cannot be read, 3 inconclusive.`
  static override examples = [
    '<%= config.bin %> slo check --prometheus http://localhost:9090',
    '<%= config.bin %> slo check --profile chat-backend --window 1d --at 2026-11-26T12:00:00Z --json',
    '<%= config.bin %> slo check --profile nova --lint',
  ]
  static override flags = {
    ...configFlags,
    window: durationFlag({
      helpGroup: 'TIME',
      min: 1000,
      longest: YEAR_MS,
      summary: "how far to look back (default: each objective's own window, else 1h)",
    }),
    at: instantFlag({helpGroup: 'TIME', summary: 'where the window ends (default: now)'}),
    lint: Flags.boolean({summary: 'only read the queries and hold them against the contract, without a server'}),
    ...reportFlags,
    ...prometheusFlags,
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloCheck)
    const profile = await loadSloProfile({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    if (flags.lint) return this.#lint(profile)
    const startedAt = Date.now()
    const {config, objectives, mistakeAt} = profile
    if (answerable(objectives).length === 0) {
      throw new UserError(`expected an objective that Prometheus can decide, got none in ${config.name}`)
    }
    const input = await prometheusOf(flags, config, process.env)
    if (!input) {
      throw new UserError(
        'expected the address of Prometheus, got none',
        'give --prometheus URL, or a target "prometheus" in probe.yaml',
      )
    }
    const prometheus = prometheusAt(input.access, this.interruptSignal())
    const answer = await judgeObjectives(prometheus, {
      objectives,
      promised: new Set(Object.keys(config.metrics)),
      at: flags.at,
      windowMs: flags.window,
      stepMs: scrapeInterval(config),
      strict: flags.strict,
    })
    if (answer.unreadable.length > 0) {
      throw new ConfigError(
        answer.unreadable.map(({objective, message}) => mistakeAt(['objectives', objective, 'prometheus'], message)),
      )
    }
    const report = redactJson(this.#report(profile, answer, startedAt), [...profile.secrets, ...input.secrets])
    await this.conclude(report, {format: flags.format, failOn: flags['fail-on']})
    return report
  }

  #report(
    {config}: SloProfile,
    {verdicts, unreachable}: Awaited<ReturnType<typeof judgeObjectives>>,
    startedAt: number,
  ): Report {
    const disturbances = unreachable === undefined ? [] : [{kind: 'no_answer' as const, message: unreachable}]
    const run = {
      id: randomUUID(),
      profile: config.name,
      instance: config.instance,
      location: config.location,
      startedAt,
      durationMs: Date.now() - startedAt,
      version: this.config.version,
      node: process.version,
      selection: 'all' as const,
      health: {disturbances, loopLagMs: 0, clockSkewMs: null},
    }
    return makeReport({run, checks: [], verdicts}, config.runbooks)
  }

  #lint({config, expressions, doubts, mistakeAt}: SloProfile): object {
    const told = doubts.map(({path, message}) => mistakeAt(path, message))
    for (const {place, path, message} of told) {
      const line = place.line === undefined ? place.source : `${place.source}:${place.line}:${place.column ?? 1}`
      this.log(`${line} ${path.join('.')}: ${message}`)
    }
    this.log(`${config.name}: ${expressions.length} queries can be read, ${told.length} doubts`)
    return {schema: 1, profile: config.name, queries: expressions, doubts: told}
  }
}
