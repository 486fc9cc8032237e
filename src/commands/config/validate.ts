import {BaseCommand} from '../../base-command.ts'
import {planOf} from '../../config/plan.ts'
import {resolveConfig} from '../../config/resolve-config.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {asksPrometheus, sloProfileOf} from '../../slo-profile.ts'

export default class ConfigValidate extends BaseCommand {
  static override summary = 'find every mistake of profile and config, with file, line and column'
  static override examples = [
    '<%= config.bin %> config validate',
    '<%= config.bin %> config validate --config deploy/probe.yaml --json',
  ]
  static override flags = configFlags

  async run(): Promise<object> {
    const {flags} = await this.parse(ConfigValidate)
    const resolved = await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    if (asksPrometheus(resolved)) await sloProfileOf(resolved) // its queries are read there
    const {profile, instance, checks, missing, objectives} = planOf(resolved)
    this.log(
      `valid: profile ${profile}, instance ${instance}, ${checks.length} checks, ${objectives.length} objectives`,
    )
    for (const {check, why} of missing) this.log(`  ${check} will be skipped: ${why}`)
    return {
      schema: 1,
      valid: true,
      profile,
      instance,
      checks: checks.map(({name}) => name),
      missing,
      objectives: objectives.map(({id}) => id),
    }
  }
}
