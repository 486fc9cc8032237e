import {z} from 'zod'

const prefix = z.union([
  z.string().transform((text) => ({send: text, receive: text})),
  z.strictObject({send: z.string().default(''), receive: z.string().default('')}),
])

/** How messages lie in the frames of a plain WebSocket. Received frames that are otherwise stay what they are: text. */
export const frames = z
  .strictObject({
    prefix: prefix.prefault('').describe('what stands before JSON, as "a" in SockJS'),
    array: z.boolean().default(false).describe('JSON stands in an array, which may hold several messages'),
    string: z.boolean().default(false).describe('JSON stands as text in a JSON string'),
    separator: z.string().min(1).optional().describe('what ends a message; several may be in one frame'),
    binary: z.boolean().default(false).describe('send text in binary frames; received ones are always read as text'),
  })
  .prefault({})
  .describe('how messages lie in the frames')

export type Frames = z.output<typeof frames>
