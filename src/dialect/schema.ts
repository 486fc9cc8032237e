import {z} from 'zod'
import {conversation} from './schema-conversation.ts'
import {transport} from './schema-transport.ts'
import {mistakesOf} from './mistakes.ts'

/**
 * How a signaling server is spoken to: pure data, the same for Node and k6 (which gets it resolved, as JSON).
 * Templates: `{name}` is replaced by a value that was taken from an earlier message, a fresh id, one of `values`, or one
 * of `{sid}` (the Socket.IO id), `{side}` ("a" or "b"), in the hand-over `{sdp}`, and in a round trip `{n}` and `{id}`;
 * `{other.name}` is the other client's, `{name|filter}` is written in another way. A text that is one placeholder keeps
 * the value's type; `{{name}}` is the literal text `{name}`.
 */
export const dialectSchema = z.strictObject({transport, ...conversation}).superRefine((dialect, context) => {
  for (const {path, message} of mistakesOf(dialect)) context.addIssue({code: 'custom', path: [...path], message})
})

export type Dialect = z.output<typeof dialectSchema>
