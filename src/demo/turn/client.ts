/** The client's end of a 5-tuple (RFC 8656, section 3.2): where its messages come from, and the way back. */
export interface Client {
  /** Tells it from every other on this server. */
  readonly id: string
  readonly address: string
  readonly port: number
  /** Drops what cannot be sent: media does not wait. */
  send(bytes: Buffer): void
}

/** What a listener hands on. */
export interface Receiver {
  message(client: Client, bytes: Buffer): void
  /** Whether it has an allocation. */
  serves(client: Client): boolean
  /** A stream has ended. */
  gone(client: Client): void
}

/** An open port. */
export interface Listener {
  readonly port: number
  close(): Promise<void>
}
