import {z} from 'zod'
import {planOf} from '../../dialect/plan.ts'
import {connectToOption} from '../connect-to-option.ts'
import {connectionOptions} from '../connection-options.ts'
import {dnsOptions} from '../dns-options.ts'
import {duration, timer} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {signalingAddress, signalingOptions} from '../signaling/options.ts'
import {parseTurnUri, rejected} from '../stun/uri.ts'
import {tlsOptions} from '../tls-options.ts'
import {credentialsOption} from '../turn/credentials-option.ts'
import {packetsOf, shapes} from '../webrtc/media-shape.ts'
import {policies} from '../webrtc/policy.ts'

/** Permissions last 300 s (RFC 8656 section 9), and nothing renews them here. */
const LONGEST_CALL_MS = 240_000

const turnServer = z.strictObject({
  address: z
    .string()
    .superRefine((address, context) => {
      const wrong = rejected(address, parseTurnUri)
      if (wrong) context.addIssue({code: 'custom', message: wrong})
    })
    .describe('turn: or turns: URI (RFC 7065)'),
  credentials: credentialsOption.optional().describe('what the TURN server wants to know us by'),
  connectTo: connectToOption,
  ...dnsOptions,
  ...tlsOptions,
})

const {dialect, matchTimeout, stepTimeout, headers, auth, payload, client, frames, trace} = signalingOptions.shape

const options = z
  .strictObject({
    ...{dialect, matchTimeout, stepTimeout, headers, auth, payload, client, frames, trace},
    turn: turnServer.optional().describe('where the clients have their relays from; without it they meet directly'),
    policy: z
      .enum(policies)
      .optional()
      .describe('which candidates the clients may have: `relay` where there is a TURN server, else `host`'),
    connectTimeout: timer().default(3000).describe('how long the connectivity checks may take'),
    handshakeTimeout: timer().default(4000).describe('how long DTLS, and then the data channel, may take'),
    messages: z.int().min(1).max(10_000).default(10).describe('how many messages the data channel echoes'),
    interval: timer().default(20).describe('time from one message to the next'),
    media: duration()
      .default(2000)
      .describe('how long sound (as Opus, 50 packets a second) and picture (as VP8, 1 Mbit/s) go both ways'),
    ...connectionOptions,
  })
  .refine(({messages, interval, media}) => messages * interval + media <= LONGEST_CALL_MS, {
    path: ['media'],
    error: 'expected messages × interval + media of at most 4m',
  })
  .refine(({policy, turn}) => turn !== undefined || policy !== 'relay', {
    path: ['policy'],
    error: 'expected a `turn` server for the policy relay, got none',
  })
  .refine(({dialect: {handover}}) => handover !== undefined, {
    path: ['dialect'],
    error: 'expected a dialect with a `handover`: without offer and answer there is no call',
  })

export type CallOptions = z.output<typeof options>

export const callSpec: ProbeSpec<CallOptions> = {
  name: 'call',
  summary:
    'two clients call each other through the real signaling: match, offer, ICE, DTLS, data channel, sound and picture',
  // `gather` is all of TURN; `dtls` and `data_channel` are the engine's own time, and never a figure of the network
  phases: [
    ...['resolve', 'connect', 'tls', 'open', 'match', 'gather', 'offer', 'answer'],
    ...['ice', 'dtls', 'data_channel', 'echo', 'media', 'leave', 'release'],
  ],
  options,
  reject: signalingAddress.reject,
  owes: ({dialect, turn, policy, messages, media}) => ({
    operation: planOf(dialect, 'call').reduce((sum, {operations}) => sum + operations, 0),
    ...(dialect.match && {match_latency: 1}),
    offer_answer: 1,
    ...(judgesIce({turn, policy}) && {ice_connection: 1}),
    ice_engine: 1,
    call_setup: 1,
    ice_echo: messages,
    ...ofMedia(media),
  }),
  takesMs: ({messages, interval, media}) => messages * interval + media,
  heavy: true,
  load: async () => (await import('./call.ts')).loadCall(),
}

/** Two clients that meet on one machine say nothing of what a system's users meet. */
export function judgesIce({turn, policy}: Pick<CallOptions, 'turn' | 'policy'>): boolean {
  return turn !== undefined && policy !== 'host'
}

/** Both ways. */
function ofMedia(durationMs: number): Record<string, number> {
  const audio = packetsOf(shapes.audio, durationMs)
  const video = packetsOf(shapes.video, durationMs)
  return {...(audio > 0 && {call_audio: 2 * audio}), ...(video > 0 && {call_video: 2 * video})}
}
