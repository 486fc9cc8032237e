/** Content types of DTLS records (RFC 6347, section 4.1). */
const CHANGE_CIPHER_SPEC = 20
const HANDSHAKE = 22
const APPLICATION_DATA = 23
/** Fits every path with all headers around it. */
const LARGEST_DATAGRAM = 1200
/** Browsers begin at 50 ms, too: between peers a second (RFC 6347, section 4.2.4.1) is for ever. Doubled each time. */
const FIRST_RETRANSMISSION_MS = 50
const RETRANSMISSIONS = 7

type Send = (datagram: Buffer) => void

/**
 * The flights of one end's DTLS handshake, made fit for paths that lose, double and reorder. The records of a flight
 * leave in as few datagrams as hold them (RFC 6347, section 4.1.1) and are sent again until the other end answers
 * (section 4.2.4); what arrives twice says that our answer was lost, and is answered by that alone. werift sends each
 * record on its own, waits half a second, and fails on a message that it has had.
 */
export class Flights {
  readonly #seen = new Set<string>()
  #held: {readonly records: Buffer[]; readonly send: Send} | undefined
  #last: {readonly datagrams: readonly Buffer[]; readonly send: Send} | undefined
  #timer: NodeJS.Timeout | undefined
  #open = true

  /** Takes what werift wants to send. What is no part of a flight passes at once. */
  send(data: Buffer, send: Send): void {
    if (!isFlight(data)) {
      if (data[0] === APPLICATION_DATA) this.#flush() // it must not overtake the end of the handshake
      send(data)
      return
    }
    this.#held ??= {records: [], send}
    this.#held.records.push(data)
    if (this.#held.records.length === 1) setImmediate(() => this.#flush())
  }

  /** Whether werift shall have what arrived. */
  admit(data: Buffer): boolean {
    if (!isFlight(data)) return true
    const datagram = data.toString('latin1')
    if (this.#seen.has(datagram)) {
      this.#transmit()
      return false
    }
    this.#seen.add(datagram)
    this.#answered()
    return true
  }

  close(): void {
    this.#open = false
    this.#answered()
  }

  #answered(): void {
    clearTimeout(this.#timer)
  }

  #flush(): void {
    const held = this.#held
    this.#held = undefined
    if (!held) return
    this.#last = {datagrams: packed(held.records), send: held.send}
    this.#transmit()
    // RFC 6347, section 4.2.4: the flight that ends the handshake is sent again when the other end asks for it.
    const ends = held.records[0]?.[0] === CHANGE_CIPHER_SPEC
    if (!ends) this.#retransmit(FIRST_RETRANSMISSION_MS, RETRANSMISSIONS)
  }

  #retransmit(afterMs: number, left: number): void {
    clearTimeout(this.#timer)
    if (!this.#open || left === 0) return
    this.#timer = setTimeout(() => {
      this.#transmit()
      this.#retransmit(2 * afterMs, left - 1)
    }, afterMs)
  }

  #transmit(): void {
    if (!this.#open || !this.#last) return
    for (const datagram of this.#last.datagrams) this.#last.send(datagram)
  }
}

/** Alerts are none: nothing answers them. */
function isFlight(data: Buffer): boolean {
  return data[0] === HANDSHAKE || data[0] === CHANGE_CIPHER_SPEC
}

function packed(records: readonly Buffer[]): Buffer[] {
  const datagrams: Buffer[] = []
  let current = Buffer.alloc(0)
  for (const record of records) {
    if (current.length > 0 && current.length + record.length > LARGEST_DATAGRAM) {
      datagrams.push(current)
      current = Buffer.alloc(0)
    }
    current = Buffer.concat([current, record])
  }
  return [...datagrams, current]
}
