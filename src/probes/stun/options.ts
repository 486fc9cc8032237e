import {z} from 'zod'
import {connectToOption} from '../connect-to-option.ts'
import {dnsOptions} from '../dns-options.ts'
import type {ProbeSpec} from '../probe.ts'
import {tlsOptions} from '../tls-options.ts'
import {parseStunUri, rejected} from './uri.ts'

const options = z.strictObject({
  transport: z
    .enum(['udp', 'tcp'])
    .default('udp')
    .describe('what carries the messages to a stun: address; stuns: is always TLS over TCP'),
  nat: z
    .boolean()
    .default(false)
    .describe('also find out how the NAT on the way maps, filters and turns packets round (RFC 5780), over UDP'),
  connectTo: connectToOption,
  ...dnsOptions,
  ...tlsOptions,
})

/** Three silences one after the other are the slowest NAT there is. */
const NAT_MS = 4000

export type StunOptions = z.infer<typeof options>

export const stunSpec: ProbeSpec<StunOptions> = {
  name: 'stun',
  summary: 'ask a STUN server for the address that it sees us under',
  phases: ['resolve', 'connect', 'tls', 'binding', 'nat'],
  options,
  reject: (address) => rejected(address, parseStunUri),
  owes: () => ({stun_binding: 1}),
  takesMs: ({nat}) => (nat ? NAT_MS : 0),
  load: async () => (await import('./stun.ts')).stun,
}
