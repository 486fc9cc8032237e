/** What came is no packet of the protocol. Drivers turn it into the failure `protocol_error`. */
export class Malformed extends Error {
  override readonly name = 'Malformed'

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${excerpt(got)}`)
  }
}

/** The beginning of a text as it may stand in a message: one line, quoted, short. */
function excerpt(text: string, length = 80): string {
  const shown = text.length > length ? `${text.slice(0, length)}…` : text
  return JSON.stringify(shown)
}
