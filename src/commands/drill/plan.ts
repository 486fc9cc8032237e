import {BaseCommand} from '../../base-command.ts'
import {calibrationFile, readCalibration} from '../../drill/calibrate/calibration-file.ts'
import {loadDrill} from '../../drill-input.ts'
import {drillOf} from '../../drill-plan.ts'
import {describePlan} from '../../drill/describe-plan.ts'
import {thisMachine, type Machine} from '../../drill/machine.ts'
import type {DrillPlan} from '../../drill/plan.ts'
import {shortagesOf, type Shortage} from '../../drill/shortages.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {drillFlags, overOf, wishesOf} from '../../flags/drill-flags.ts'
import {prometheusFlags, prometheusOf} from '../../flags/prometheus-flags.ts'

interface PlanDocument extends DrillPlan {
  readonly schema: 1
  /** ISO 8601, if it began now. */
  readonly endsAt: string
  readonly machine: Machine
  readonly shortages: readonly Shortage[]
}

export default class DrillPlanCommand extends BaseCommand {
  static override summary = 'what a load drill would do, and what it takes; nothing is started'
  static override examples = [
    '<%= config.bin %> drill plan',
    '<%= config.bin %> drill plan --scenario mixed --factor 3',
    '<%= config.bin %> drill plan --scenario stepped --peak connections=500 --json',
    '<%= config.bin %> drill plan --polling 30%',
    '<%= config.bin %> drill plan --peak-from prometheus --over 30d --prometheus http://localhost:9090',
  ]
  static override flags = {...configFlags, ...drillFlags, ...prometheusFlags}

  async run(): Promise<PlanDocument> {
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
    const beginsAt = new Date()
    const machine = await thisMachine()
    this.log(describePlan(plan, {beginsAt, machine}))
    const endsAt = new Date(beginsAt.getTime() + plan.durationMs).toISOString()
    return {schema: 1, ...plan, endsAt, machine, shortages: shortagesOf(plan, machine)}
  }
}
