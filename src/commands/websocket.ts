import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {redirectsFlag} from '../flags/redirects-flag.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {countFlag} from '../flags/count-flag.ts'

export default class Websocket extends AdHocCommand {
  static override hiddenAliases = ['ws']
  static override summary = 'probe one WebSocket: resolve, connect, TLS, upgrade, message'
  static override examples = [
    '<%= config.bin %> websocket wss://chat.example.org/ws',
    '<%= config.bin %> ws wss://chat.example.org/ws --subprotocol chat.v1 --ping 5',
    '<%= config.bin %> ws wss://chat.example.org/ws --hold 2m',
    `<%= config.bin %> ws wss://chat.example.org/ws --send '{"type":"ping"}' --expect pong`,
  ]
  static override args = {url: Args.string({required: true, description: 'ws:// or wss:// address'})}
  static override flags = {
    count: countFlag(),
    subprotocol: Flags.string({
      helpGroup: 'REQUEST',
      multiple: true,
      helpValue: 'NAME',
      summary: 'subprotocol to offer',
    }),
    origin: Flags.string({helpGroup: 'REQUEST', helpValue: 'ORIGIN', summary: 'Origin header to send'}),
    send: Flags.string({helpGroup: 'EXPECT', helpValue: 'TEXT', summary: 'text message to send after the upgrade'}),
    expect: Flags.string({
      helpGroup: 'EXPECT',
      helpValue: 'PATTERN',
      summary: 'pattern that a message must hold (RE2)',
    }),
    hold: durationFlag({
      helpGroup: 'EXPECT',
      min: 1,
      summary: 'hold a silent and a talking connection for so long, and tell how each ends',
    }),
    redirects: redirectsFlag,
    ping: Flags.integer({helpGroup: 'EXPECT', min: 0, max: 1000, default: 1, summary: 'how many ping frames to time'}),
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Websocket)
    const auth = await readAuth(flags, process.env)
    const connection = await connectionInput(flags, args.url, process.env)
    const {subprotocol, origin, send, expect, ping, hold, redirects} = flags
    const messages = [...(send === undefined ? [] : [{send}]), ...(expect === undefined ? [] : [{expect}])]
    const options = {
      ping,
      redirects,
      ...(hold !== undefined && {hold}),
      ...(messages.length > 0 && {messages}),
      ...(subprotocol && {subprotocols: subprotocol}),
      ...(origin && {origin}),
      ...auth.options,
      ...connection.options,
    }
    return this.probe(
      {
        probe: 'websocket',
        address: args.url,
        options,
        secrets: [...auth.secrets, ...connection.secrets],
        attempts: flags.count,
      },
      flags,
    )
  }
}
