import {BaseCommand} from '../../base-command.ts'
import {resolveConfig} from '../../config/resolve-config.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {outputFlags, writeFiles} from '../../flags/output-files.ts'

export default class SloDashboards extends BaseCommand {
  static override summary =
    "write Grafana's dashboards: the documented ones of the profile, and one of the probe's own metrics"
  static override description =
    'One JSON file a dashboard, to import or to provision. Without --out-dir they are listed.'
  static override examples = [
    '<%= config.bin %> slo dashboards --profile video-chat --out-dir dashboards',
    '<%= config.bin %> slo dashboards --profile nova --json',
  ]
  static override flags = {
    ...configFlags,
    ...outputFlags,
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloDashboards)
    const {config} = await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const [{grafanaDashboard}, {ownDashboard}] = await Promise.all([
      import('../../slo/dashboards/grafana.ts'),
      import('../../slo/dashboards/own.ts'),
    ])
    const described = {...config.dashboards, probe: ownDashboard}
    const dashboards = Object.entries(described).map(
      ([name, description]) => [name, grafanaDashboard(description, {profile: config.name, name})] as const,
    )
    if (flags['out-dir'] !== undefined) {
      const files = dashboards.map(
        ([name, dashboard]) => [`${name}.json`, `${JSON.stringify(dashboard, null, 2)}\n`] as const,
      )
      await writeFiles(Object.fromEntries(files), {folder: flags['out-dir'], force: flags.force})
    }
    for (const [name, {title, panels = []}] of dashboards) this.log(`${name}  ${title ?? ''} (${panels.length} panels)`)
    return Object.fromEntries(dashboards)
  }
}
