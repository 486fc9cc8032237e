import type {Json} from '../core/json.ts'
import type {Received, Sent} from './message.ts'
import {parseJson} from './parse-json.ts'
import type {Frames} from './schema-frames.ts'
import {encodeUtf8} from './utf8.ts'

/** The messages of one frame of a plain WebSocket, in their order. */
export function readFrame(frame: string, {separator, prefix, array, string}: Frames): Received[] {
  const parts = separator === undefined ? [frame] : frame.split(separator).filter((part) => part !== '')
  return parts.flatMap((part) => {
    if (!part.startsWith(prefix.receive)) return [{kind: 'text', value: part} as const] // another kind of frame
    const message = readMessage(part.slice(prefix.receive.length), string && !array)
    if (!array || message.kind !== 'json' || !Array.isArray(message.value)) return [message]
    return message.value.map((item: Json) => (string && typeof item === 'string' ? readMessage(item) : json(item)))
  })
}

/** A message as one frame: text, or its bytes. */
export function writeFrame(message: Extract<Sent, {kind: 'json' | 'text'}>, frames: Frames): string | Uint8Array {
  const {separator = '', prefix, array, string, binary} = frames
  const text = message.kind === 'text' ? message.value : wrapped(message.value, {array, string})
  const frame = (message.kind === 'json' ? prefix.send : '') + text + separator
  return binary ? encodeUtf8(frame) : frame
}

function wrapped(value: Json, {array, string}: Pick<Frames, 'array' | 'string'>): string {
  const item = string ? JSON.stringify(value) : value
  return JSON.stringify(array ? [item] : item)
}

/** JSON where it is an object or an array, else text. A JSON string is opened where the dialect says that messages are such. */
function readMessage(text: string, isString = false): Received {
  if (isString && text.trimStart().startsWith('"')) {
    const inner = parseJson(text)
    return typeof inner === 'string' ? readMessage(inner) : {kind: 'text', value: text}
  }
  if (!/^\s*[[{]/.test(text)) return {kind: 'text', value: text}
  const value = parseJson(text)
  return value === undefined ? {kind: 'text', value: text} : json(value) // text that only looks like JSON
}

function json(value: Json): Received {
  return {kind: 'json', value}
}
