import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import {loadDialect} from '../../config/load-dialect.ts'
import {clientsOf, operationsOf} from '../../dialect/plan.ts'

export default class DialectCheck extends BaseCommand {
  static override summary = 'find the mistakes of a dialect without a server, with file, line and column'
  static override description =
    'Finds unknown names, wrong shapes and patterns outside RE2; values that nothing sets, or that are set too late; ' +
    'and expectations that nobody can meet. Environment variables need not be set.'
  static override examples = [
    '<%= config.bin %> dialect check ./my-server.yaml',
    '<%= config.bin %> dialect check ./my-server.yaml --json',
  ]
  static override args = {
    dialect: Args.string({required: true, description: 'a file, or the name of a ready dialect'}),
  }

  async run(): Promise<object> {
    const {args} = await this.parse(DialectCheck)
    const {dialect} = await loadDialect(
      {dialect: args.dialect},
      {cwd: process.cwd(), env: process.env, standIn: 'unset'},
    )
    const clients = clientsOf(dialect)
    const operations = operationsOf(dialect, 1)
    this.log(
      `valid: ${args.dialect}, ${dialect.transport.kind}, ${clients === 1 ? 'one client' : 'two clients'}, ` +
        `round trips by ${dialect.roundTrip.kind}`,
    )
    return {schema: 1, valid: true, dialect: args.dialect, transport: dialect.transport.kind, clients, operations}
  }
}
