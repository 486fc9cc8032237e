import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {connectToFlag, connectToOf} from '../flags/connect-to-flag.ts'
import {countFlag} from '../flags/count-flag.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {dnsFlags, dnsOf} from '../flags/dns-flags.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'
import {turnFlags, turnInput} from '../flags/turn-flags.ts'
import {policies} from '../probes/webrtc/policy.ts'

export default class Ice extends AdHocCommand {
  static override summary = 'connect two WebRTC peers through a TURN server and echo messages between them'
  static override description =
    'Two peers of our own gather the candidates that --policy leaves them, check their pairs, shake hands and open a data channel. What the network did (ice) and what the engine did over it (dtls, data_channel) are told apart.'
  static override examples = [
    'PROBE_TURN_SECRET=… <%= config.bin %> ice turn:turn.example.org',
    '<%= config.bin %> ice turns:turn.example.org --username alice --password-file ./password --count 20',
    '<%= config.bin %> ice turn:turn.example.org --policy all --hold 60s',
  ]
  static override args = {uri: Args.string({required: true, description: 'turn: or turns: URI (RFC 7065)'})}
  static override flags = {
    count: countFlag(),
    messages: Flags.integer({helpGroup: 'ECHO', summary: 'how many data channel messages to echo', default: 10}),
    policy: Flags.string({
      helpGroup: 'CANDIDATES',
      default: 'relay',
      options: policies,
      summary: 'which candidates the peers may have: of the TURN server alone, all, or of this machine alone',
    }),
    hold: durationFlag({
      helpGroup: 'ECHO',
      default: 0,
      defaultHelp: () => Promise.resolve('0s'),
      summary: 'keep the session open for so long after the echo, and watch the consent of both ends (RFC 7675)',
    }),
    ...turnFlags,
    ...connectToFlag,
    ...dnsFlags,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Ice)
    const turn = await turnInput(flags, process.env)
    const {messages, policy, hold} = flags
    const options = {
      messages,
      policy,
      hold,
      ...turn.options,
      ...connectToOf(flags),
      ...dnsOf(flags),
      ...(await tlsOptionsOf(flags)),
    }
    return this.probe({probe: 'ice', address: args.uri, options, secrets: turn.secrets, attempts: flags.count}, flags)
  }
}
