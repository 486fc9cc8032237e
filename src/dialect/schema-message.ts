import {z} from 'zod'
import {parseJsonPath} from '../core/json-path.ts'
import {compilePattern} from './pattern.ts'

const path = z
  .string()
  .refine((text) => parseJsonPath(text) !== null, 'expected a JSON path of one value, such as "$.id" or "$[0].room"')
export const name = z.string().regex(/^[A-Za-z_]\w*$/, 'expected a name of letters, digits and "_"')
const template = z.json()

const pattern = z.string().check((context) => {
  try {
    compilePattern(context.value)
  } catch (error) {
    context.issues.push({code: 'custom', message: (error as Error).message, input: context.value})
  }
})

const where = z
  .record(path, template)
  .default({})
  .describe('JSON path → the value it must have. "$" is the list of arguments of an event, else the message itself')
const matches = z.record(path, pattern).default({}).describe('JSON path → pattern (RE2) that the text there must hold')
const take = z.record(name, path).default({}).describe('name → JSON path of the value to keep under it')

const event = z.strictObject({
  event: z.string().min(1).describe('name of the Socket.IO event'),
  args: z.array(template).default([]).describe('its arguments'),
})
const json = z.strictObject({json: template.describe('a message in JSON')})
const text = z.strictObject({text: z.string().describe('a message in plain text')})

/** What a client sends. */
export const send = z.union([event, json, text])
export type Send = z.output<typeof send>
export const eventToSend = event

/** What a client must receive. Messages that do not fit pass by. */
export const expectation = z.strictObject({
  event: z.string().min(1).optional().describe('name of the Socket.IO event'),
  where,
  matches,
  take,
})
export type Expectation = z.output<typeof expectation>

/** What an acknowledgement must hold. One that does not is a failure: there is no second. */
export const acknowledgement = expectation.omit({event: true})

const label = z.string().min(1).optional().describe('what the step is called in reports')
const only = z.enum(['a', 'b']).optional().describe('the one client that does this; without it both do')

/** One thing that one client does or waits for. */
export const step = z.union([
  z.strictObject({
    send,
    ack: acknowledgement.optional().describe('wait for the acknowledgement, and what it must hold'),
    name: label,
    only,
  }),
  z.strictObject({expect: expectation, name: label, only}),
])
export type Step = z.output<typeof step>
