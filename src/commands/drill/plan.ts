import {BaseCommand} from '../../base-command.ts'
import {calibrationFile, readCalibration} from '../../drill/calibrate/calibration-file.ts'
import {loadDrill} from '../../drill-input.ts'
import {drillOf} from '../../drill-plan.ts'
import {describePlan} from '../../drill/describe-plan.ts'
import type {DrillPlan} from '../../drill/plan.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {drillFlags, overOf, wishesOf} from '../../flags/drill-flags.ts'
import {prometheusFlags, prometheusOf} from '../../flags/prometheus-flags.ts'

export default class DrillPlanCommand extends BaseCommand {
  static override summary = 'what a load drill would do, and what it takes; nothing is started'
  static override examples = [
    '<%= config.bin %> drill plan',
    '<%= config.bin %> drill plan --scenario mixed --factor 3',
    '<%= config.bin %> drill plan --scenario stepped --peak connections=500 --json',
    '<%= config.bin %> drill plan --peak-from prometheus --over 30d --prometheus http://localhost:9090',
  ]
  static override flags = {...configFlags, ...drillFlags, ...prometheusFlags}

  async run(): Promise<DrillPlan & {readonly endsAt: string}> {
    const {flags} = await this.parse(DrillPlanCommand)
    const {plan: whole, seen} = await loadDrill({
      flags: configFlagsOf(flags),
      env: process.env,
      cwd: process.cwd(),
      overMs: overOf(flags),
      strict: false,
      signal: this.interruptSignal(),
      prometheusOf: (config) => prometheusOf(flags, config, process.env),
    })
    const calibration = await readCalibration(calibrationFile(process.env))
    const {plan} = drillOf(whole, {...wishesOf(flags), calibration}, seen)
    const now = new Date()
    this.log(describePlan(plan, now))
    return {...plan, endsAt: new Date(now.getTime() + plan.durationMs).toISOString()}
  }
}
