import {z} from 'zod'
import {pace} from './schema-duration.ts'
import {headerName, httpToken} from './schema-http.ts'
import {acknowledgement, expectation, name, send} from './schema-message.ts'

const common = {
  name: z.string().min(1).optional().describe('what the step is called in reports'),
  only: z.enum(['a', 'b']).optional().describe('the one client that does this; without it both do'),
} as const
const template = z.json()

/** One thing that one client does or waits for. */
export const step = z.union([
  z.strictObject({
    send,
    ack: acknowledgement.optional().describe('wait for the acknowledgement, and what it must hold'),
    ...common,
  }),
  z.strictObject({
    send,
    every: pace().describe('say it again at this pace'),
    until: expectation.describe('until this came'),
    ...common,
  }),
  z.strictObject({
    expect: expectation,
    acknowledge: z
      .array(template)
      .optional()
      .describe('arguments of the acknowledgement that a Socket.IO server asked for'),
    ...common,
  }),
  z.strictObject({
    ping: z.literal(true).describe('a ping frame, and wait for its pong: what was sent before is read'),
    ...common,
  }),
  z.strictObject({
    pause: pace().describe('say nothing for so long, where nothing tells that the server is ready'),
    ...common,
  }),
  z.strictObject({meet: name.describe('wait until the other client has come to the same step'), ...common}),
  z.strictObject({set: z.record(name, template).describe('values of our own'), ...common}),
])
export type Step = z.output<typeof step>

/** What a message says that answers with a complaint instead, in the server's own words. */
export const complaint = expectation.extend({
  text: z.string().optional().describe("a template of the server's words, of what was taken; else the message itself"),
  means: z
    .enum(['error', 'absent', 'refused', 'queued', 'expired'])
    .default('error')
    .describe('error: it failed. absent, refused, expired: of the other client. queued: it may come yet'),
})
export type Complaint = z.output<typeof complaint>

const texts = z.record(z.string(), z.string()).default({})

/** An HTTP request before the connection is made, and what its answer must be. */
export const requestStep = z.strictObject({
  request: z.strictObject({
    method: z.string().regex(httpToken, 'expected an HTTP method').default('GET'),
    path: z
      .string()
      .regex(/^(\/|https?:\/\/)[^\s?#]*$/, 'expected a path or a URL, without a query: that belongs into `query`')
      .describe("path on the target's host, or a URL; values are escaped for it"),
    query: texts.meta({secret: true}),
    headers: z.record(headerName, z.string()).default({}).meta({secret: true}),
    body: z
      .union([z.strictObject({json: template}), z.strictObject({form: texts}), z.strictObject({text: z.string()})])
      .optional()
      .meta({secret: true}),
  }),
  expect: acknowledgement
    .prefault({})
    .describe('what the answer must be: "$" has `status`, `headers` and `body`; without `$.status` a 2xx'),
  ...common,
})
export type RequestStep = z.output<typeof requestStep>

/** What a client says on the side, in no step and for no measurement. */
export const heartbeat = z.union([
  z.strictObject({
    every: z
      .union([pace(), z.string().regex(/^\{\w+\}$/)])
      .describe('at this pace, from when the client is connected; or the value that tells it, as {interval}'),
    unit: z.enum(['ms', 's']).default('ms').describe('what such a value is in'),
    send,
  }),
  z.strictObject({on: expectation.describe('what is answered, whenever it comes'), send}),
])
export type Heartbeat = z.output<typeof heartbeat>
