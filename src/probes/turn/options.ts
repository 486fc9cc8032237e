import {z} from 'zod'
import {connectToOption} from '../connect-to-option.ts'
import {duration} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {parseTurnUri, rejected} from '../stun/uri.ts'
import {tlsOptions} from '../tls-options.ts'
import {credentialsOption} from './credentials-option.ts'
import {SMALLEST_PACKET} from './echo-packet.ts'

/** Permissions last 300 s (RFC 8656 section 9), and the echo does not renew them. */
const LONGEST_ECHO_MS = 240_000
/** What fits a packet of 1280 bytes, IPv6's smallest, with every header and a Send indication around it. */
const LARGEST_PACKET = 1100

const options = z
  .strictObject({
    credentials: credentialsOption.optional().describe('what the server wants to know us by'),
    echo: z.boolean().default(true).describe('also send packets from one relayed address to another and back'),
    packets: z.int().min(1).max(10_000).default(50).describe('how many packets the echo sends'),
    interval: duration()
      .default(20)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('time from one packet to the next; some servers lose what comes faster than 20ms'),
    size: z
      .int()
      .min(SMALLEST_PACKET)
      .max(LARGEST_PACKET)
      .default(160)
      .describe('bytes of each packet: 160 is 20 ms of G.711 speech'),
    connectTo: connectToOption,
    ...tlsOptions,
  })
  .refine(({packets, interval}) => packets * interval <= LONGEST_ECHO_MS, {
    path: ['packets'],
    error: 'expected packets × interval of at most 4m',
  })

export type TurnOptions = z.infer<typeof options>

export const turnSpec: ProbeSpec<TurnOptions> = {
  name: 'turn',
  summary: 'allocate a relayed address on a TURN server, and send packets through it',
  phases: ['resolve', 'connect', 'tls', 'challenge', 'allocate', 'permission', 'channel', 'echo', 'release'],
  options,
  reject: (address) => rejected(address, parseTurnUri),
  owes: ({echo, packets}) => ({turn_allocation: 1, ...(echo && {turn_echo: packets})}),
  takesMs: ({echo, packets, interval}) => (echo ? packets * interval : 0),
}
