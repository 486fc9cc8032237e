import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {UserError} from '../../core/errors.ts'
import {exitCodeOf} from '../../core/exit-code.ts'
import {redactJson} from '../../core/redact.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {durationFlag} from '../../flags/duration-flag.ts'
import {instantFlag} from '../../flags/instant-flag.ts'
import {prometheusFlags, prometheusOf} from '../../flags/prometheus-flags.ts'
import {terminal} from '../../flags/terminal.ts'
import {printable} from '../../reporters/printable.ts'
import {percent} from '../../reporters/share.ts'
import {loadSloProfile} from '../../slo-profile.ts'
import {budgetFromHistory, budgetFromPrometheus, type PeriodsAnswer} from '../../slo-budget.ts'
import {statementCells, statementHead} from '../../slo/budget/statement-lines.ts'
import {statementsOf, statusOfStatements, type Statement} from '../../slo/budget/statement.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS

export default class SloBudget extends BaseCommand {
  static override summary = 'the error budget of every objective: allowed, spent, left, and when it runs out'
  static override description = `A promise of 99.9 % leaves 86.4 s a day and 43.2 min in 30 days. What was spent comes from Prometheus, or from the history that "probe run --history FILE" writes. Times are what the share of bad events comes to; the events themselves stand in parentheses.

Exit codes: 0 some budget is left everywhere, 1 a budget is overspent, 2 usage or config, 3 not enough is known.`
  static override examples = [
    '<%= config.bin %> slo budget --prometheus http://localhost:9090',
    '<%= config.bin %> slo budget --history runs.jsonl --window 7d --json',
  ]
  static override flags = {
    ...configFlags,
    history: Flags.string({
      helpValue: 'FILE',
      summary:
        'runs that "probe run" wrote, in place of Prometheus (default: `history` of the config, where it names no Prometheus)',
      exclusive: ['prometheus'],
    }),
    window: durationFlag({
      helpGroup: 'TIME',
      min: 1000,
      longest: YEAR_MS,
      default: 30 * DAY_MS,
      defaultHelp: () => Promise.resolve('30d'),
      summary: 'the longest period, besides a day and a week',
    }),
    at: instantFlag({helpGroup: 'TIME', summary: 'where the periods end (default: now)'}),
    ...prometheusFlags,
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloBudget)
    const profile = await loadSloProfile({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const request = {at: flags.at, periodsMs: periods(flags.window)}
    const input = flags.history === undefined ? await prometheusOf(flags, profile.config, process.env) : undefined
    const history = flags.history ?? profile.config.history
    if (!input && history === undefined) {
      throw new UserError(
        'expected --prometheus URL or --history FILE, got neither',
        'or give a target "prometheus" or a `history` in probe.yaml',
      )
    }
    const answer = input
      ? await budgetFromPrometheus(profile, request, {access: input.access, signal: this.interruptSignal()})
      : await budgetFromHistory(profile, request, history ?? '')
    const statements = statementsOf(answer.periods)
    const status = statusOfStatements(statements)
    this.exitWith(exitCodeOf({status, exports: []}))
    const {config, secrets} = profile
    const {source, notes} = answer
    const document = {
      schema: 1,
      profile: config.name,
      instance: config.instance,
      source,
      status,
      budgets: statements,
      notes,
    }
    const shown = redactJson(document, [...secrets, ...(input?.secrets ?? [])])
    if (!this.jsonEnabled()) await this.#print(printable(statements), printable(answer))
    return shown
  }

  async #print(statements: readonly Statement[], {notes}: PeriodsAnswer): Promise<void> {
    const {grid} = await import('../../reporters/table/grid.ts')
    const {color, unicode, width} = terminal()
    for (const statement of statements) {
      const {title, target, share} = statement
      this.log(`${title}: ${percent(share)} promised @ ${target}`)
      this.log(
        `${grid([...statementHead], statementCells(statement), {framed: color ?? false, unicode: unicode ?? true, width})}\n`,
      )
    }
    for (const note of notes) this.log(`note: ${note}`)
  }
}

/** A day, a week and the window, those that are no longer than the window. */
function periods(windowMs: number): number[] {
  return [...new Set([DAY_MS, 7 * DAY_MS].filter((ms) => ms < windowMs)), windowMs]
}
