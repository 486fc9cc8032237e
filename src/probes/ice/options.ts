import {z} from 'zod'
import {connectToOption} from '../connect-to-option.ts'
import {dnsOptions} from '../dns-options.ts'
import {duration, timer} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {parseTurnUri, rejected} from '../stun/uri.ts'
import {relayPhases} from '../turn/phases.ts'
import {tlsOptions} from '../tls-options.ts'
import {credentialsOption} from '../turn/credentials-option.ts'
import {policies} from '../webrtc/policy.ts'

/** Permissions last 300 s (RFC 8656 section 9), and nothing renews them here. */
const LONGEST_SESSION_MS = 240_000
/** A peer asks every 4 to 6 s, and the answer may take a while. */
const SHORTEST_CONSENT_MS = 7000

const options = z
  .strictObject({
    credentials: credentialsOption.optional().describe('what the TURN server wants to know us by'),
    policy: z
      .enum(policies)
      .default('relay')
      .describe(
        'which candidates the peers may have: those of the TURN server alone, all of them, those of this machine',
      ),
    messages: z.int().min(1).max(10_000).default(10).describe('how many messages the data channel echoes'),
    interval: duration()
      .default(20)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('time from one message to the next'),
    connectTimeout: duration()
      .default(3000)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('how long the connectivity checks may take'),
    handshakeTimeout: duration()
      .default(4000)
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .describe('how long DTLS, and then the data channel, may take; what stalls is begun again once'),
    hold: duration().default(0).describe('how long the session is kept open after the echo, to see that it stays'),
    consentTimeout: timer()
      .default(30_000)
      .refine((ms) => ms >= SHORTEST_CONSENT_MS, {error: 'expected at least 7s, as a peer asks every 4 to 6 s'})
      .describe('after so long without an answer to its checks a peer has lost the consent of the other (RFC 7675)'),
    connectTo: connectToOption,
    ...dnsOptions,
    ...tlsOptions,
  })
  .refine(({hold}) => hold <= LONGEST_SESSION_MS, {path: ['hold'], error: 'expected at most 4m', abort: true})
  .refine(({messages, interval, hold}) => messages * interval + hold <= LONGEST_SESSION_MS, {
    path: ['messages'],
    error: 'expected messages × interval + hold of at most 4m',
  })

export type IceOptions = z.infer<typeof options>

export const iceSpec: ProbeSpec<IceOptions> = {
  name: 'ice',
  summary: 'connect two WebRTC peers through a TURN server, and echo messages between them',
  // of the engine's own making, and never a figure of the network: negotiate, dtls, data_channel
  phases: [...relayPhases, 'negotiate', 'ice', 'dtls', 'data_channel', 'echo', 'hold', 'release'],
  options,
  reject: (address) => rejected(address, parseTurnUri),
  owes: ({policy, messages}) => ({
    ...(policy !== 'host' && {ice_connection: 1}), // on one machine alone ICE says nothing of a network
    ice_engine: 1,
    ice_echo: messages,
  }),
  takesMs: ({messages, interval, hold}) => messages * interval + hold,
  heavy: true,
  load: async () => (await import('./ice.ts')).loadIce(),
}
