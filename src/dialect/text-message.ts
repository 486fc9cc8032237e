import type {Json} from '../core/json.ts'
import type {Received} from './message.ts'

/** A text frame of a plain WebSocket: JSON where it is an object or an array, else text. */
export function readTextMessage(text: string): Received {
  if (!/^\s*[[{]/.test(text)) return {kind: 'text', value: text}
  try {
    return {kind: 'json', value: JSON.parse(text) as Json}
  } catch {
    return {kind: 'text', value: text} // text that only looks like JSON
  }
}
