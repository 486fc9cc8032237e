/** Content types of the records of a DTLS handshake (RFC 6347, section 4.1): change_cipher_spec, alert, handshake. */
const FIRST = 20
const LAST = 22
const APPLICATION_DATA = 23
/** Fits every path with all headers around it. */
const LARGEST_DATAGRAM = 1200

/**
 * Lets the records of one handshake flight leave in one datagram, as RFC 6347, section 4.1.1 permits: werift sends each
 * on its own, and its handshake does not survive their reordering. Everything else passes at once.
 */
export function coalesceHandshake<Peer>(
  send: (peer: Peer, datagram: Buffer) => void,
): (peer: Peer, data: Buffer) => void {
  let held: {peer: Peer; records: Buffer[]} | undefined
  const flush = () => {
    if (!held) return
    const {peer, records} = held
    held = undefined
    for (const datagram of packed(records)) send(peer, datagram)
  }
  return (peer, data) => {
    const type = data[0] ?? 0
    if (type < FIRST || type > LAST) {
      if (type === APPLICATION_DATA) flush() // it must not overtake the end of the handshake
      send(peer, data)
      return
    }
    held ??= {peer, records: []}
    held.records.push(data)
    if (held.records.length === 1) setImmediate(flush)
  }
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
