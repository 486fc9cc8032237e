import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {exitCodeOf} from '../../core/exit-code.ts'
import type {Report} from '../../core/report.ts'
import {loadDrill} from '../../drill-input.ts'
import {carryOutDrill} from '../../drill-run.ts'
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

Exit codes: 0 every promise kept, 1 an objective missed, 2 usage or config, 3 inconclusive or impossible (no k6, no disk, target out of reach), 130 and 143 interrupted.`
  static override examples = [
    '<%= config.bin %> drill run',
    '<%= config.bin %> drill run --scenario mixed --steady 10m',
    '<%= config.bin %> drill run --scenario stepped --peak connections=500 --json',
    '<%= config.bin %> drill run --scenario turn --peak relayed_calls=100',
    '<%= config.bin %> drill run --k6-out experimental-prometheus-rw --k6-arg=--local-ips=10.0.0.0/28',
  ]
  static override flags = {
    ...configFlags,
    ...drillFlags,
    ...drillRunFlags,
    ...prometheusFlags,
    'fail-on': Flags.option({options: ['degraded', 'fail'] as const, default: 'degraded' as const})({
      helpGroup: 'VERDICT',
      summary: 'the least grave verdict that exits 1',
    }),
  }

  async run(): Promise<Report> {
    const {flags} = await this.parse(DrillRun)
    const signal = this.interruptSignal()
    const {plan, seen, ask} = await loadDrill({
      flags: configFlagsOf(flags),
      env: process.env,
      cwd: process.cwd(),
      overMs: overOf(flags),
      strict: flags.strict,
      signal,
      prometheusOf: (config) => prometheusOf(flags, config, process.env),
    })
    const progress = drillProgress()
    const {report, folder} = await carryOutDrill(
      plan,
      {wishes: wishesOf(flags), seen},
      {
        ...settingsOf(flags, process.env),
        version: this.config.version,
        repeat: repeatOf('probe drill run', this.argv),
        signal,
        ...(ask && {ask}),
        env: process.env,
        confirm: (plan, hosts) => confirmDrill(plan, hosts, flags.yes),
        onPoint: progress.point,
        onStage: progress.stage,
      },
    ).finally(progress.end)
    this.log((await loadReporter('table'))(report, terminal()))
    this.log(`report: ${folder}`)
    this.exitWith(exitCodeOf(report, flags['fail-on']))
    return report
  }
}
