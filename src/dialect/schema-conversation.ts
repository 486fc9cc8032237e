import {z} from 'zod'
import {acknowledgement, eventToSend, expectation, name, send} from './schema-message.ts'
import {complaint, heartbeat, requestStep, step} from './schema-step.ts'

const freshId = z.strictObject({
  prefix: z.string().default(''),
  length: z.int().min(1).max(64).default(12).describe('characters after the prefix'),
  alphabet: z.string().min(2).default('abcdefghijklmnopqrstuvwxyz0123456789'),
  shared: z.boolean().default(false).describe('one value for both clients, instead of one each'),
  number: z.boolean().default(false).describe('a number of so many digits, up to 15, instead of a text'),
})

const match = z.strictObject({
  isolation: name
    .optional()
    .describe('the shared fresh id (room, tag, interest) that keeps our two clients apart from everybody else'),
  join: z.array(step).default([]).describe('how a client asks for a peer; both do it together'),
  matched: expectation.optional().describe('what each receives when it has one'),
  ours: z
    .array(z.strictObject({value: z.string(), equals: z.string()}))
    .default([])
    .describe('templates that must be equal if the peer is ours, such as {peer} and {other.sid}'),
})

const delivery = z.strictObject({
  send: send.optional().describe('what the one end sends'),
  expect: expectation.optional().describe('what the other must receive'),
  sent: z.array(step).default([]).describe('what the sender does or awaits after that'),
  received: z.array(step).default([]).describe('what the receiver does or awaits after that'),
})
export type Delivery = z.output<typeof delivery>

const handover = z.strictObject({
  with: z
    .enum(['client', 'server'])
    .default('client')
    .describe('who is at the other end: our other client, or a server that is an ICE peer itself'),
  offerer: z
    .union([z.enum(['a', 'b', 'server']), z.strictObject({value: z.string(), equals: z.json()})])
    .default('a')
    .describe('who offers: a, b, the server, or the client for which this template has this value'),
  offer: delivery.describe('the offer, to the other end'),
  answer: delivery.describe('the answer, back'),
  candidate: z
    .strictObject({
      send: send.describe('a candidate of ours'),
      expect: expectation.optional().describe("one of the other end's"),
      end: send.optional().describe('that there are no more'),
    })
    .optional()
    .describe('each to the other; without it the descriptions hold them all'),
})
export type Handover = z.output<typeof handover>

const between = {send, expect: expectation} as const
const roundTrip = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('relay'), ...between}).describe("A's message, received by B"),
  z.strictObject({kind: z.literal('reply'), ...between}).describe('a message, answered by the server to its sender'),
  z
    .strictObject({kind: z.literal('ack'), send: eventToSend, ack: acknowledgement.prefault({})})
    .describe('an event, acknowledged by the server'),
  z.strictObject({kind: z.literal('ping')}).describe('a WebSocket ping frame, answered by its pong'),
])

const close = z.strictObject({
  code: z
    .int()
    .refine((code) => code === 1000 || (code >= 3000 && code <= 4999), 'expected 1000, or 3000 to 4999 (RFC 6455, 7.4)')
    .default(1000),
  reason: z.string().max(120).default(''),
  by: z.enum(['client', 'server']).default('client').describe('server: after the leave we wait until it hangs up'),
})
export type Close = z.output<typeof close>

/** What is said over the transport, in the order in which it is said. */
export const conversation = {
  ids: z.record(name, freshId).default({}).describe('fresh ids, made for each attempt'),
  values: z
    .record(name, z.json())
    .default({})
    .meta({secret: true})
    .describe('values of the deployment, such as a token or a room that exists'),
  before: z.array(requestStep).default([]).describe('HTTP requests of each client before it connects'),
  open: z.array(step).default([]).describe('what each client says and awaits after connecting'),
  match: match.optional().describe('how two clients are matched'),
  handover: handover.optional().describe('how offer, answer and candidates travel'),
  roundTrip: roundTrip.describe('what one signaling round trip is'),
  leave: z.array(step).default([]).describe('how a client ends its session, before it closes the connection'),
  close: close.prefault({}).describe('how a plain WebSocket is closed'),
  errors: z.array(complaint).default([]).describe('how the server says that something failed'),
  heartbeats: z.array(heartbeat).default([]).describe('what keeps the connection alive beside all that'),
  ignoreOwn: z
    .boolean()
    .default(false)
    .describe('a message like one that the same client sent is its echo: the server sends to all, the sender included'),
}
