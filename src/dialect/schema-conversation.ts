import {z} from 'zod'
import {acknowledgement, eventToSend, expectation, name, send, step} from './schema-message.ts'

const freshId = z.strictObject({
  prefix: z.string().default(''),
  length: z.int().min(1).max(64).default(12).describe('characters after the prefix'),
  alphabet: z.string().min(2).default('abcdefghijklmnopqrstuvwxyz0123456789'),
  shared: z.boolean().default(false).describe('one value for both clients, instead of one each'),
})

const delivery = z.strictObject({
  send: send.describe('what the one client sends'),
  expect: expectation.describe('what the other must receive'),
})

const match = z.strictObject({
  isolation: name
    .optional()
    .describe('the shared fresh id (room, tag, interest) that keeps our two clients apart from everybody else'),
  join: z.array(step).min(1).describe('how a client asks for a peer; both do it together'),
  matched: expectation.describe('what each receives when it has one'),
  ours: z
    .array(z.strictObject({value: z.string(), equals: z.string()}))
    .default([])
    .describe('templates that must be equal if the peer is ours, such as {peer} and {other.sid}'),
})

const handover = z.strictObject({
  offer: delivery.describe('client A to client B'),
  answer: delivery.describe('client B to client A'),
  candidate: delivery.optional().describe('each to the other'),
})

const roundTrip = z.discriminatedUnion('kind', [
  delivery.extend({kind: z.literal('relay')}).describe("A's message, received by B"),
  delivery.extend({kind: z.literal('reply')}).describe('a message, answered by the server to its sender'),
  z
    .strictObject({kind: z.literal('ack'), send: eventToSend, ack: acknowledgement.prefault({})})
    .describe('an event, acknowledged by the server'),
  z.strictObject({kind: z.literal('ping')}).describe('a WebSocket ping frame, answered by its pong'),
])

/** What is said over the transport, in the order in which it is said. */
export const conversation = {
  ids: z.record(name, freshId).default({}).describe('fresh ids, made for each attempt'),
  open: z.array(step).default([]).describe('what each client says and awaits after connecting'),
  match: match.optional().describe('how two clients are matched'),
  handover: handover.optional().describe('how offer, answer and candidates travel between the two'),
  roundTrip: roundTrip.describe('what one signaling round trip is'),
  leave: z.array(step).default([]).describe('how a client ends its session, before it closes the connection'),
}
