import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {configJsonSchema, schemaKinds} from '../../config/json-schema.ts'

export default class ConfigSchema extends BaseCommand {
  static override summary = 'print the JSON Schema of probe.yaml, of a profile or of a dialect, for editors'
  static override examples = [
    '<%= config.bin %> config schema > probe.schema.json',
    '<%= config.bin %> config schema --of profile',
  ]
  static override flags = {
    of: Flags.option({options: schemaKinds, default: 'probe' as const})({summary: 'which file'}),
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(ConfigSchema)
    const schema = configJsonSchema(flags.of)
    this.log(JSON.stringify(schema, null, 2))
    return schema
  }
}
