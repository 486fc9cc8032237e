import type {Json} from '../core/json.ts'

/** Levels of lists and objects in each other. No message needs them; many more would end the stack of whoever reads it. */
export const DEEPEST = 500

/** The JSON of a text, or undefined for what is none, or is nested deeper than any message. */
export function parseJson(text: string): Json | undefined {
  if (text.length > DEEPEST * 2 && isTooDeep(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined // not JSON
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (letter === BACKSLASH) at++
    else if (letter === QUOTE) inString = !inString
    else if (inString) continue
    else if (letter === OPEN_LIST || letter === OPEN_OBJECT) depth++
    else if (letter === CLOSE_LIST || letter === CLOSE_OBJECT) depth--
    if (depth > DEEPEST) return true
  }
  return false
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]
