import {z} from 'zod'
import {parseJsonPath} from '../core/json-path.ts'
import {decoderNames} from './filters.ts'
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

const paths = z.array(path).default([])
const itemConditions = {
  where: z
    .record(path, template)
    .default({})
    .describe('JSON path → the value it must have. "$" is the list of arguments of an event, else the message itself'),
  not: z.record(path, template).default({}).describe('JSON path → a value that must not be there'),
  has: paths.describe('JSON paths at which there must be something'),
  absent: paths.describe('JSON paths at which there must be nothing, or null'),
  least: z.record(path, z.number()).default({}).describe('JSON path → the least number, or length of a list, there'),
  matches: z
    .record(path, pattern)
    .default({})
    .describe('JSON path → pattern (RE2) that the text there must hold; its named groups are kept'),
  take: z.record(name, path).default({}).describe('name → JSON path of the value to keep under it'),
} as const

const itemSchema = z.strictObject(itemConditions)
export type ItemConditions = z.output<typeof itemSchema>

/** What a value must be. An acknowledgement that is not is a failure: there is no second. */
export const acknowledgement = z.strictObject({
  parse: paths.describe('JSON paths at which JSON stands as text, to be read before the rest'),
  ...itemConditions,
  among: itemSchema
    .extend({path: path.describe('JSON path of a list')})
    .optional()
    .describe('what one item of a list must be; "$" is the item'),
  decode: z
    .record(name, z.enum(decoderNames))
    .default({})
    .describe('name of a value that is kept → what it is written in'),
})
export type Conditions = z.output<typeof acknowledgement>

const eventName = z.string().min(1).describe('name of the Socket.IO event')

/** What a client must receive. Messages that do not fit pass by. */
export const expectation = acknowledgement.extend({event: eventName.optional()})
export type Expectation = z.output<typeof expectation>

/** What is done to a message after its values were put in. */
const finishing = {
  with: z
    .record(name, template)
    .default({})
    .describe('values for this message alone, in order: a body whose length it tells, JSON that it holds as text'),
  change: z
    .record(path, template)
    .default({})
    .describe('JSON path → what is put there: "what came, with this changed"'),
  drop: paths.describe('JSON paths of what is left out'),
} as const

export const eventToSend = z.strictObject({
  event: eventName,
  args: z.array(template).default([]).describe('its arguments'),
  ...finishing,
})
const json = z.strictObject({json: template.describe('a message in JSON'), ...finishing})
const text = z.strictObject({text: z.string().describe('a message in plain text'), with: finishing.with})
const xml = z.strictObject({
  xml: z.string().describe('a message in XML; values are escaped for it'),
  with: finishing.with,
})

/** What a client sends. */
export const send = z.union([eventToSend, json, text, xml])
export type Send = z.output<typeof send>
