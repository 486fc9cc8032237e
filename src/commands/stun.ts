import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {connectToFlag, connectToOf} from '../flags/connect-to-flag.ts'
import {countFlag} from '../flags/count-flag.ts'
import {dnsFlags, dnsOf} from '../flags/dns-flags.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'

export default class Stun extends AdHocCommand {
  static override summary = 'ask a STUN server for our own address (RFC 8489 Binding)'
  static override examples = [
    '<%= config.bin %> stun stun.example.org',
    '<%= config.bin %> stun 192.0.2.1:3478 --count 5',
    '<%= config.bin %> stun stuns:stun.example.org -6',
    '<%= config.bin %> stun stun.example.org --nat',
  ]
  static override args = {server: Args.string({required: true, description: 'HOST[:PORT], or a stun: or stuns: URI'})}
  static override flags = {
    count: countFlag(),
    nat: Flags.boolean({
      helpGroup: 'NETWORK',
      summary: 'also find out how the NAT on the way maps, filters and turns packets round (RFC 5780)',
    }),
    ...connectToFlag,
    ...dnsFlags,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Stun)
    const options = {
      ...(flags.nat && {nat: true}),
      ...connectToOf(flags),
      ...dnsOf(flags),
      ...(await tlsOptionsOf(flags)),
    }
    return this.probe({probe: 'stun', address: args.server, options, attempts: flags.count}, flags)
  }
}
