/** The UTF-8 bytes of a text (RFC 3629), by hand, because not every runtime has an encoder. Half a surrogate pair is U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text).flatMap((letter) => bytesOf(letter.codePointAt(0) ?? 0)))
}

/** The text of UTF-8 bytes; null for what is none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const letters: string[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
    if (length === 0 || at + length > bytes.length) return null
    let point = length === 1 ? first : first & (0x7f >> length)
    for (const byte of bytes.subarray(at + 1, at + length)) {
      if (byte >> 6 !== 2) return null
      point = (point << 6) | (byte & 0x3f)
    }
    if (isSurrogate(point) || point > 0x10ffff || point < (smallest[length] ?? 0)) return null
    letters.push(String.fromCodePoint(point))
    at += length
  }
  return letters.join('')
}

/** By length: what is written longer than it must be is not UTF-8. */
const smallest = [0, 0, 0x80, 0x800, 0x10000]

function bytesOf(point: number): number[] {
  if (isSurrogate(point)) return bytesOf(0xfffd)
  if (point < 0x80) return [point]
  if (point < 0x800) return [0xc0 | (point >> 6), tail(point)]
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(point >> 6), tail(point)]
  return [0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point)]
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f)
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff
}
