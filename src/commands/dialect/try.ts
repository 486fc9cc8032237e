import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../../ad-hoc-command.ts'
import {loadDialect} from '../../config/load-dialect.ts'
import type {Report} from '../../core/report.ts'
import type {AttemptResult} from '../../core/result.ts'
import {authFlags, readAuth} from '../../flags/auth-flags.ts'
import {connectionFlags, connectionInput} from '../../flags/connection-flags.ts'
import {traceFlag} from '../../flags/trace-flag.ts'
import {walk} from '../../reporters/walk.ts'
import {wireTrace} from '../../reporters/wire-trace.ts'

export default class DialectTry extends AdHocCommand {
  static override summary =
    'walk a dialect against a server, step by step: which expectation failed, and what came instead'
  static override description =
    'Checks the dialect first, then leads one conversation and prints every step of both clients with what became of it. ' +
    'Nothing is sent that the dialect does not say.'
  static override examples = [
    '<%= config.bin %> dialect try ./my-server.yaml --url wss://chat.example.org',
    '<%= config.bin %> dialect try ./my-server.yaml --url wss://chat.example.org --trace',
    '<%= config.bin %> dialect try peerjs --url wss://peers.example.org --json',
  ]
  static override args = {
    dialect: Args.string({required: true, description: 'a file, or the name of a ready dialect'}),
  }
  static override flags = {
    url: Flags.string({required: true, helpGroup: 'REQUEST', helpValue: 'URL', summary: 'address of the server'}),
    count: Flags.integer({helpGroup: 'PACE', char: 'n', default: 1, summary: 'how many round trips'}),
    ...traceFlag,
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(DialectTry)
    const auth = await readAuth(flags, process.env)
    const {settings, secrets} = await loadDialect({dialect: args.dialect}, {cwd: process.cwd(), env: process.env})
    const connection = await connectionInput(flags, flags.url, process.env)
    const options = {dialect: settings, count: flags.count, trace: true, ...auth.options, ...connection.options}
    const all = [...auth.secrets, ...connection.secrets, ...secrets]
    const beside = (result: AttemptResult) => [walk(result), ...(flags.trace ? [wireTrace(result)] : [])].join('\n')
    return this.probe({probe: 'signaling', address: flags.url, options, secrets: all, beside}, flags)
  }
}
