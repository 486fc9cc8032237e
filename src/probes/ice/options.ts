import {z} from 'zod'
import {connectToOption} from '../connect-to-option.ts'
import {duration} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {parseTurnUri, rejected} from '../stun/uri.ts'
import {tlsOptions} from '../tls-options.ts'
import {credentialsOption} from '../turn/credentials-option.ts'

/** Permissions last 300 s (RFC 8656 section 9), and nothing renews them here. */
const LONGEST_ECHO_MS = 240_000

const options = z
  .strictObject({
    credentials: credentialsOption.optional().describe('what the TURN server wants to know us by'),
    messages: z.int().min(1).max(10_000).default(10).describe('how many messages the data channel echoes'),
    interval: duration()
      .default(20)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('time from one message to the next'),
    connectTimeout: duration()
      .default(2000)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('how long the connectivity checks may take'),
    handshakeTimeout: duration()
      .default(2000)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('how long DTLS, and then the data channel, may take; what stalls is begun again once'),
    connectTo: connectToOption,
    ...tlsOptions,
  })
  .refine(({messages, interval}) => messages * interval <= LONGEST_ECHO_MS, {
    path: ['messages'],
    error: 'expected messages × interval of at most 4m',
  })

export type IceOptions = z.infer<typeof options>

export const iceSpec: ProbeSpec<IceOptions> = {
  name: 'ice',
  summary: 'connect two WebRTC peers through a TURN server, relay only, and echo messages between them',
  // of the engine's own making, and never a figure of the network: negotiate, dtls, data_channel
  phases: [
    'resolve',
    'connect',
    'tls',
    'challenge',
    'allocate',
    'permission',
    'channel',
    'negotiate',
    'ice',
    'dtls',
    'data_channel',
    'echo',
    'release',
  ],
  options,
  reject: (address) => rejected(address, parseTurnUri),
  owes: ({messages}) => ({ice_connection: 1, ice_echo: messages}),
  takesMs: ({messages, interval}) => messages * interval,
  heavy: true,
}
