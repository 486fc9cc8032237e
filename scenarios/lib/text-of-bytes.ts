import {decodeUtf8} from '../../src/dialect/utf8.ts'

/** k6 2.0 has no TextDecoder; our own takes its engine 1 µs a letter. */
const decoder =
  typeof TextDecoder === 'undefined' ? undefined : new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** The text of a binary frame, or null where it is none. */
export function textOfBytes(bytes: Uint8Array): string | null {
  if (!decoder) return decodeUtf8(bytes)
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
