import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import {UserError} from '../core/errors.ts'
import type {Report} from '../core/report.ts'
import {connectToFlag, connectToOf} from '../flags/connect-to-flag.ts'
import {countFlag} from '../flags/count-flag.ts'
import {echoFlags, echoOf} from '../flags/echo-flags.ts'
import {relayFlags, relayOf} from '../flags/relay-flags.ts'
import {dnsFlags, dnsOf} from '../flags/dns-flags.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'
import {turnFlags, turnInput} from '../flags/turn-flags.ts'

export default class Turn extends AdHocCommand {
  static override summary = 'allocate a relay on a TURN server and echo packets through it (RFC 8656)'
  static override description = [
    'The secret comes from PROBE_TURN_SECRET or --secret-file (REST credentials), the password of --username from PROBE_TURN_PASSWORD, --password-file or a prompt.',
    'With --matrix every transport and address of each URI is tried side by side, which tells what the network one stands in lets through; one way that works is enough.',
  ].join('\n')
  static override examples = [
    'PROBE_TURN_SECRET=… <%= config.bin %> turn turn:turn.example.org',
    "<%= config.bin %> turn 'turn:turn.example.org?transport=tcp' --username alice --password-file ./password",
    '<%= config.bin %> turn turns:turn.example.org --rate 100 --duration 30s --size 1000',
    '<%= config.bin %> turn turns:turn.example.org --connect-to 192.0.2.7',
    '<%= config.bin %> turn --matrix turn:turn.example.org turn:turn.example.org:443 turns:turn.example.org',
  ]
  static override args = {
    uri: Args.string({required: true, multiple: true, description: 'turn: or turns: URI (RFC 7065)'}),
  }
  static override flags = {
    count: countFlag(),
    matrix: Flags.boolean({
      helpGroup: 'MATRIX',
      summary: 'try every transport and address of each URI side by side, without an echo',
      exclusive: Object.keys(echoFlags),
    }),
    ...echoFlags,
    ...relayFlags,
    ...turnFlags,
    ...connectToFlag,
    ...dnsFlags,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Turn)
    const [address = '', ...others] = args.uri
    if (others.length > 0 && !flags.matrix) {
      throw new UserError(`expected one URI, got ${args.uri.length}`, 'several are tried side by side with --matrix')
    }
    const turn = await turnInput(flags, process.env)
    const options = {
      ...(flags.matrix && {matrix: others}),
      ...echoOf(flags),
      ...relayOf(flags),
      ...turn.options,
      ...connectToOf(flags),
      ...dnsOf(flags),
      ...(await tlsOptionsOf(flags)),
    }
    const beside = flags.matrix ? (await import('../reporters/matrix.ts')).matrixGrid : undefined
    const {secrets} = turn
    return this.probe({probe: 'turn', address, options, secrets, attempts: flags.count, ...(beside && {beside})}, flags)
  }
}
