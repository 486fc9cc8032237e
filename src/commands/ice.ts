import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {connectToFlag, connectToOf} from '../flags/connect-to-flag.ts'
import {countFlag} from '../flags/count-flag.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'
import {turnFlags, turnInput} from '../flags/turn-flags.ts'

export default class Ice extends AdHocCommand {
  static override summary = 'connect two WebRTC peers through a TURN server and echo messages between them'
  static override examples = [
    'PROBE_TURN_SECRET=… <%= config.bin %> ice turn:turn.example.org',
    '<%= config.bin %> ice turns:turn.example.org --username alice --password-file ./password --count 5',
  ]
  static override args = {uri: Args.string({required: true, description: 'turn: or turns: URI (RFC 7065)'})}
  static override flags = {
    count: countFlag(),
    messages: Flags.integer({helpGroup: 'ECHO', summary: 'how many data channel messages to echo', default: 10}),
    ...turnFlags,
    ...connectToFlag,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Ice)
    const turn = await turnInput(flags, process.env)
    const options = {messages: flags.messages, ...turn.options, ...connectToOf(flags), ...(await tlsOptionsOf(flags))}
    return this.probe({probe: 'ice', address: args.uri, options, secrets: turn.secrets, attempts: flags.count}, flags)
  }
}
