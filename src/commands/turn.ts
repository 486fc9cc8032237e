import * as Args from '@oclif/core/args'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {connectToFlag, connectToOf} from '../flags/connect-to-flag.ts'
import {countFlag} from '../flags/count-flag.ts'
import {echoFlags, echoOf} from '../flags/echo-flags.ts'
import {relayFlags, relayOf} from '../flags/relay-flags.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'
import {turnFlags, turnInput} from '../flags/turn-flags.ts'

export default class Turn extends AdHocCommand {
  static override summary = 'allocate a relay on a TURN server and echo packets through it (RFC 8656)'
  static override description =
    'The secret comes from PROBE_TURN_SECRET or --secret-file (REST credentials), the password of --username from PROBE_TURN_PASSWORD, --password-file or a prompt.'
  static override examples = [
    'PROBE_TURN_SECRET=… <%= config.bin %> turn turn:turn.example.org',
    "<%= config.bin %> turn 'turn:turn.example.org?transport=tcp' --username alice --password-file ./password",
    '<%= config.bin %> turn turns:turn.example.org --rate 100 --duration 30s --size 1000',
  ]
  static override args = {uri: Args.string({required: true, description: 'turn: or turns: URI (RFC 7065)'})}
  static override flags = {
    count: countFlag(),
    ...echoFlags,
    ...relayFlags,
    ...turnFlags,
    ...connectToFlag,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Turn)
    const turn = await turnInput(flags, process.env)
    const options = {
      ...echoOf(flags),
      ...relayOf(flags),
      ...turn.options,
      ...connectToOf(flags),
      ...(await tlsOptionsOf(flags)),
    }
    return this.probe({probe: 'turn', address: args.uri, options, secrets: turn.secrets, attempts: flags.count}, flags)
  }
}
