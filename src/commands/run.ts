import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../base-command.ts'
import {loadPlan} from '../config/plan.ts'
import {select} from '../config/select.ts'
import type {ExportResult, Report} from '../core/report.ts'
import {configFlags, configFlagsOf} from '../flags/config-flags.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {progress} from '../flags/progress.ts'
import {reportFlags} from '../flags/report-flags.ts'
import {carryOut} from '../pipeline.ts'
import {exportReport} from '../sinks/export-report.ts'
import {makeSinks} from '../sinks/index.ts'

export default class Run extends BaseCommand {
  static override summary = 'run the checks of profile and config, judge them, print the verdict'
  static override description = `Exit codes: 0 every promise kept, 1 an objective missed, 2 usage or config, 3 inconclusive, 4 kept but a required export failed, 130 and 143 interrupted.`
  static override examples = [
    '<%= config.bin %> run',
    '<%= config.bin %> run --config probe.yaml --format junit > junit.xml',
    '<%= config.bin %> run health turn --json',
    '<%= config.bin %> run --tag relay --fail-on fail',
  ]
  static override strict = false
  static override args = {
    checks: Args.string({required: false, description: 'names of checks; without any, all of them'}),
  }
  static override flags = {
    ...configFlags,
    tag: Flags.string({
      helpGroup: 'SELECTION',
      multiple: true,
      helpValue: 'TAG',
      summary: 'run the checks with this tag',
    }),
    ...reportFlags,
    push: Flags.boolean({
      helpGroup: 'OUTPUT',
      allowNo: true,
      summary: 'export to the configured sinks and history (default: unless narrowed by name or tag)',
    }),
    history: Flags.string({
      helpGroup: 'OUTPUT',
      helpValue: 'FILE',
      summary:
        'add what was counted to this file, for "slo budget" (default: `history` of the config, unless narrowed)',
    }),
    timeout: durationFlag({
      helpGroup: 'PACE',
      min: 1,
      default: 120_000,
      defaultHelp: () => Promise.resolve('2m'),
      summary: 'how long the whole run may take',
    }),
    concurrency: Flags.integer({helpGroup: 'PACE', min: 1, max: 64, default: 4, summary: 'how many checks at once'}),
  }

  async run(): Promise<Report> {
    const {argv, flags} = await this.parse(Run)
    const whole = await loadPlan({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const plan = select(whole, {names: argv as string[], tags: flags.tag ?? []})
    const signal = this.interruptSignal()
    const told = progress(plan.checks)
    const found = await carryOut(plan, {
      version: this.config.version,
      signal,
      timeoutMs: flags.timeout,
      concurrency: flags.concurrency,
      strict: flags.strict,
      onAttempt: told.attempt,
    })
    told.end()
    const asked = flags.push as boolean | undefined // oclif leaves it out when neither --push nor --no-push is given
    const pushes = asked ?? plan.selection === 'all'
    const exports = pushes ? await exportReport(found, await makeSinks(plan.sinks), signal) : []
    const history = flags.history ?? (pushes ? plan.history : undefined)
    const kept = history === undefined ? [] : [await keep(found, history)]
    const report = {...found, exports: [...exports, ...kept]}
    await this.conclude(report, {format: flags.format, failOn: flags['fail-on']})
    return report
  }
}

/** A history that cannot be written is told as an export that failed: whoever asked for it relies on it. */
async function keep(report: Report, file: string): Promise<ExportResult> {
  const {entryOf} = await import('../slo/history/entry.ts')
  const {appendHistory} = await import('../slo/history/history.ts')
  const entry = entryOf(report)
  const result = {sink: `the history ${file}`, required: true, samples: entry.tallies.length}
  try {
    await appendHistory(file, entry)
    return {...result, ok: true}
  } catch (error) {
    return {...result, ok: false, message: error instanceof Error ? error.message : String(error)}
  }
}
