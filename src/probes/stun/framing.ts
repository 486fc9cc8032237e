import {isChannelData} from './channel-data.ts'
import {mayBecomeStun} from './message.ts'
import {notStun} from './not-stun.ts'

const STUN_HEADER = 20
const CHANNEL_HEADER = 4

/**
 * Cuts a byte stream into STUN and ChannelData messages (RFC 8489 section 6.2.2, RFC 8656 section 12.5).
 * Until the first STUN message has come nothing else can: "HTTP/1.1 400" begins like ChannelData.
 */
export class Framing {
  #rest: Buffer = Buffer.alloc(0)
  #spokeStun = false

  /** The messages that a chunk completes. Throws a ProbeFailure when the stream is none of STUN. */
  push(chunk: Buffer): Buffer[] {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    for (;;) {
      const length = this.#lengthOf(rest)
      if (length === undefined || rest.length < padded(length)) break
      messages.push(rest.subarray(0, length))
      rest = rest.subarray(padded(length))
      this.#spokeStun = true
    }
    this.#rest = rest
    return messages
  }

  #lengthOf(bytes: Buffer): number | undefined {
    if (bytes.length === 0) return undefined
    if (this.#spokeStun && isChannelData(bytes)) {
      return bytes.length < CHANNEL_HEADER ? undefined : CHANNEL_HEADER + bytes.readUInt16BE(2)
    }
    if (!mayBecomeStun(bytes)) throw notStun(bytes)
    return bytes.length < STUN_HEADER ? undefined : STUN_HEADER + bytes.readUInt16BE(2)
  }
}

/** Messages on a stream begin at multiples of four bytes. */
function padded(length: number): number {
  return (length + 3) & ~3
}

/** Fills ChannelData up to a multiple of four bytes, as streams want it; STUN always is one. */
export function padForStream(bytes: Buffer): Buffer {
  const missing = padded(bytes.length) - bytes.length
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)])
}
