import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {dialectFlags, readDialect} from '../flags/dialect-flags.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {traceFlag} from '../flags/trace-flag.ts'
import {wireTrace} from '../reporters/wire-trace.ts'

export default class Signaling extends AdHocCommand {
  static override summary = 'probe signaling with two clients of ours: match, offer and answer, round trips'
  static override examples = [
    '<%= config.bin %> signaling https://chat.example.org',
    '<%= config.bin %> signaling https://chat.example.org --count 100 --interval 20ms',
    '<%= config.bin %> signaling wss://peers.example.org --dialect peerjs',
    '<%= config.bin %> signaling wss://chat.example.org --dialect ./my-server.yaml --trace',
  ]
  static override args = {
    url: Args.string({required: true, description: 'address of the server; the dialect says how it is spoken to'}),
  }
  static override flags = {
    ...dialectFlags,
    count: Flags.integer({helpGroup: 'PACE', char: 'n', default: 20, summary: 'how many round trips'}),
    interval: durationFlag({
      helpGroup: 'PACE',
      default: 50,
      defaultHelp: () => Promise.resolve('50ms'),
      summary: 'from one round trip to the next, whether or not answers came',
    }),
    ...traceFlag,
    frames: Flags.boolean({helpGroup: 'OUTPUT', summary: 'keep every message in the details of --json'}),
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Signaling)
    const auth = await readAuth(flags, process.env)
    const connection = await connectionInput(flags, args.url, process.env)
    const {count, interval, client, frames, trace} = flags
    const {settings, secrets} = await readDialect(flags)
    const options = {dialect: settings, count, interval, client, frames, trace, ...auth.options, ...connection.options}
    const all = [...auth.secrets, ...connection.secrets, ...secrets]
    return this.probe({probe: 'signaling', address: args.url, options, secrets: all, beside: wireTrace}, flags)
  }
}
