import {z} from 'zod'
import {awaitsMatch, operationsOf} from '../../dialect/plan.ts'
import {dialectSchema} from '../../dialect/schema.ts'
import {duration, timer} from '../duration-option.ts'
import {connectionOptions} from '../connection-options.ts'
import type {ProbeSpec} from '../probe.ts'
import {requestOptions} from '../request-options.ts'
import {urlAddress} from '../url-address.ts'

const {headers, auth} = requestOptions

export const signalingOptions = z.strictObject({
  dialect: dialectSchema.describe('how the server is spoken to'),
  count: z.int().min(1).max(10_000).default(20).describe('round trips'),
  interval: duration().default(50).describe('from one round trip to the next, whether or not answers came'),
  roundTripTimeout: timer().default(2000).describe('after which a round trip is lost'),
  matchTimeout: timer().default(15_000).describe('how long a match may take'),
  stepTimeout: timer().default(5000).describe('how long any other expected message may take'),
  headers,
  auth,
  payload: z
    .record(z.string(), z.json())
    .optional()
    .meta({secret: true})
    .describe("auth payload of Socket.IO, in place of the dialect's"),
  client: z
    .enum(['own', 'official'])
    .default('own')
    .describe("own: timed close to the socket; official: the protocol's own client, as a second opinion"),
  frames: z.boolean().default(false).describe('keep every message of both clients in the details of the report'),
  trace: z
    .boolean()
    .default(false)
    .describe('keep every frame as it travels, and every step of the dialect, in the details of the report'),
  ...connectionOptions,
})

export type SignalingOptions = z.output<typeof signalingOptions>

export const signalingAddress = urlAddress('http', 'ws')

export const signalingSpec: ProbeSpec<SignalingOptions> = {
  name: 'signaling',
  summary: 'two synthetic clients: match, offer and answer, round trips',
  phases: [
    'requests',
    'resolve',
    'connect',
    'tls',
    'open',
    'match',
    'offer',
    'answer',
    'candidates',
    'round_trips',
    'leave',
  ],
  options: signalingOptions,
  reject: signalingAddress.reject,
  owes: ({dialect, count}) => ({
    signaling_rtt: count,
    operation: operationsOf(dialect, count),
    ...(awaitsMatch(dialect) && {match_latency: 1}),
    ...(dialect.handover && dialect.handover.offerer !== 'server' && {offer_answer: 1}),
  }),
  takesMs: ({count, interval}) => (count - 1) * interval,
  load: async (options) => (await import('./signaling.ts')).loadSignaling(options),
}
