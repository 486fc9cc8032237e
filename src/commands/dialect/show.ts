import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import {formatYaml} from '../../config/show.ts'
import {showDialect} from '../../config/show-dialect.ts'

export default class DialectShow extends BaseCommand {
  static override summary = 'print all that a dialect says, with what it extends: something to begin with'
  static override examples = [
    '<%= config.bin %> dialect show peerjs > my-server.yaml',
    '<%= config.bin %> dialect show ./my-server.yaml --json',
  ]
  static override args = {
    dialect: Args.string({required: true, description: 'name of a ready dialect, or a file'}),
  }

  async run(): Promise<object> {
    const {args} = await this.parse(DialectShow)
    const dialect = await showDialect(args.dialect, process.cwd())
    this.log(formatYaml(dialect).trimEnd())
    return dialect
  }
}
