import * as Flags from '@oclif/core/flags'
import {dirname} from 'node:path'
import {BaseCommand} from '../../base-command.ts'
import {drillCode} from '../../core/exit-code.ts'
import {callWords, socketWords} from '../../core/load-words.ts'
import type {Report} from '../../core/report.ts'
import {calibrationFile, readCalibration} from '../../drill/calibrate/calibration-file.ts'
import {loadDrill} from '../../drill-input.ts'
import {carryOutDrill} from '../../drill-run.ts'
import type {Placed} from '../../drill/compare/compare.ts'
import {findBaseline} from '../../drill/reports/baseline.ts'
import {loadsRelays} from '../../drill/scenarios.ts'
import {criteriaFlags, criteriaOf} from '../../flags/compare-flags.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {confirmDrill} from '../../flags/confirm.ts'
import {drillFlags, overOf, wishesOf} from '../../flags/drill-flags.ts'
import {drillProgress} from '../../flags/drill-progress.ts'
import {drillRunFlags, settingsOf} from '../../flags/drill-run-flags.ts'
import {prometheusFlags, prometheusOf} from '../../flags/prometheus-flags.ts'
import {repeatOf} from '../../flags/repeat.ts'
import {terminal} from '../../flags/terminal.ts'
import {loadReporter} from '../../reporters/index.ts'

export default class DrillRun extends BaseCommand {
  static override summary = 'put the load of a drill on a system, and judge whether it keeps its promises under it'
  static override description = `k6 2.0 or newer makes the load (of the scenario turn our own client); the profile's checks run before, beside and after it. The first Ctrl-C winds the load down and writes the report, the second ends at once.

Exit codes: 0 every promise kept, 1 an objective missed or a regression, 2 usage or config, or another workload than the baseline's, 3 inconclusive or impossible (no k6, no disk, target out of reach), 130 and 143 interrupted.`
  static override examples = [
    '<%= config.bin %> drill run',
    '<%= config.bin %> drill run --scenario mixed --steady 10m',
    '<%= config.bin %> drill run --scenario stepped --peak connections=500 --json',
    '<%= config.bin %> drill run --scenario turn --peak relayed_calls=100',
    '<%= config.bin %> drill run --baseline last --max-regression 5%',
    '<%= config.bin %> drill run --k6-out experimental-prometheus-rw --k6-arg=--local-ips=10.0.0.0/28',
  ]
  static override flags = {
    ...configFlags,
    ...drillFlags,
    ...drillRunFlags,
    ...prometheusFlags,
    baseline: Flags.string({
      helpGroup: 'COMPARISON',
      helpValue: 'FOLDER|last',
      summary: 'an earlier drill to compare with, or the last one that passed; a regression exits 1',
    }),
    ...criteriaFlags,
    'fail-on': Flags.option({options: ['degraded', 'fail'] as const, default: 'degraded' as const})({
      helpGroup: 'VERDICT',
      summary: 'the least grave verdict that exits 1',
    }),
  }

  async run(): Promise<Report> {
    const {flags} = await this.parse(DrillRun)
    const progress = drillProgress(loadsRelays(flags.scenario) ? callWords : socketWords)
    let begun: string | undefined
    const signal = this.interruptSignal(() => {
      progress.end()
      return begun === undefined ? '' : `ended at once, without a report: what there is lies in ${begun}\n`
    })
    const {plan, seen, ask} = await loadDrill({
      flags: configFlagsOf(flags),
      env: process.env,
      cwd: process.cwd(),
      overMs: overOf(flags),
      strict: flags.strict,
      signal,
      prometheusOf: (config) => prometheusOf(flags, config, process.env),
    })
    const baseline = await this.#baseline(flags, plan.profile)
    const calibration = await readCalibration(calibrationFile(process.env))
    const {report, folder} = await carryOutDrill(
      plan,
      {wishes: {...wishesOf(flags), calibration}, seen},
      {
        ...settingsOf(flags, process.env),
        version: this.config.version,
        repeat: repeatOf('probe drill run', this.argv),
        signal,
        ...(ask && {ask}),
        ...(baseline && {baseline: {...baseline, criteria: criteriaOf(flags)}}),
        env: process.env,
        confirm: (plan, hosts) => confirmDrill(plan, hosts, flags.yes),
        onDoubt: (message) => this.logToStderr(`note: ${message}`),
        onPoint: progress.point,
        onStage: progress.stage,
        onFolder: (folder) => (begun = folder),
      },
    ).finally(progress.end)
    this.log((await loadReporter('table'))(report, terminal()))
    this.log(`report: ${folder}`)
    this.exitWith(drillCode(report, flags['fail-on']))
    return report
  }

  async #baseline(
    flags: {baseline?: string | undefined; out?: string | undefined; scenario: string},
    profile: string,
  ): Promise<Placed | undefined> {
    if (flags.baseline === undefined) return undefined
    const reports = flags.out === undefined ? 'reports' : dirname(flags.out)
    const found = await findBaseline({wanted: flags.baseline, reports, profile, scenario: flags.scenario})
    if (!found)
      this.logToStderr(
        `note: no ${flags.scenario} drill of ${profile} has passed below ${reports} yet: this one is compared with none`,
      )
    return found
  }
}
