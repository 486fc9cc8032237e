import {BaseCommand} from '../../base-command.ts'
import {resolveConfig} from '../../config/resolve-config.ts'
import {formatYaml, showConfig} from '../../config/show.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'

export default class ConfigShow extends BaseCommand {
  static override summary = 'print the resolved configuration: all layers merged, secrets masked'
  static override examples = [
    '<%= config.bin %> config show',
    '<%= config.bin %> config show --profile video-chat --json',
  ]
  static override flags = configFlags

  async run(): Promise<object> {
    const {flags} = await this.parse(ConfigShow)
    const shown = showConfig(await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()}))
    this.log(formatYaml(shown).trimEnd())
    return shown
  }
}
