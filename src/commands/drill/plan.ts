import {BaseCommand} from '../../base-command.ts'
import {loadPlan} from '../../config/plan.ts'
import {drillOf} from '../../drill-plan.ts'
import {describePlan} from '../../drill/describe-plan.ts'
import type {DrillPlan} from '../../drill/plan.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {drillFlags, wishesOf} from '../../flags/drill-flags.ts'

export default class DrillPlanCommand extends BaseCommand {
  static override summary = 'what a load drill would do, and what it takes; nothing is started'
  static override examples = [
    '<%= config.bin %> drill plan',
    '<%= config.bin %> drill plan --scenario mixed --factor 3',
    '<%= config.bin %> drill plan --scenario stepped --peak connections=500 --json',
  ]
  static override flags = {...configFlags, ...drillFlags}

  async run(): Promise<DrillPlan & {readonly endsAt: string}> {
    const {flags} = await this.parse(DrillPlanCommand)
    const whole = await loadPlan({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const {plan} = drillOf(whole, wishesOf(flags))
    const now = new Date()
    this.log(describePlan(plan, now))
    return {...plan, endsAt: new Date(now.getTime() + plan.durationMs).toISOString()}
  }
}
