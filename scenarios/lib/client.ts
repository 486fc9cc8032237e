import type {FailureCode} from '../../src/core/failure.ts'
import type {Json} from '../../src/core/json.ts'
import {encodeBase64} from '../../src/dialect/base64.ts'
import type {Values} from '../../src/dialect/conditions.ts'
import {decodePacket, encodePacket, ENGINE_IO_REVISION} from '../../src/dialect/engineio.ts'
import {readFrame, writeFrame} from '../../src/dialect/frames.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Side} from '../../src/dialect/plan.ts'
import type {Frames} from '../../src/dialect/schema-frames.ts'
import {
  connectSession,
  packetOf,
  receivePacket,
  type SessionStep,
  type SocketSession,
} from '../../src/dialect/socketio-session.ts'
import {WebSocket} from '../init/k6.ts'
import {carrierOf} from './carrier.ts'
import {correct, elapsed, offset} from './clock.ts'
import {dialFailure} from './dial-failure.ts'
import * as measure from './measure.ts'
import {PollingSocket} from './polling-socket.ts'
import {CONNECTING, OPEN, write, type Socket as SocketOf, type Taker} from './socket.ts'
import {textOfBytes} from './text-of-bytes.ts'

/** Where and how a client connects, its own values filled in. */
export interface Address {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly subprotocols: readonly string[]
  /** Begins by polling, as browsers do. */
  readonly polls?: boolean
  /** Socket.IO, if it is spoken; else how messages lie in frames. */
  readonly spoken: {readonly namespace: string; readonly auth?: Json | undefined} | {readonly frames: Frames}
}

/** What a client tells whoever opened it. After `ended` it says nothing more. */
export interface Listener {
  opened(client: Client, values: Values): void
  message(client: Client, message: Received, at: number): void
  ended(code: FailureCode, message: string, refused: boolean): void
}

type Socket = SocketOf<Client>

/**
 * One socket with what is spoken on it. A class whose sockets share their handlers, as k6's engine needs half a kilobyte
 * for every closure; its fields are private all, as an object that has others too needs a third more.
 */
export class Client {
  readonly #side: Side
  readonly #listener: Listener
  readonly #spoken: Address['spoken']
  readonly #socket: Socket
  readonly #dialledAt = elapsed()
  #session: SocketSession | undefined
  /** What the pings under way hold: k6 chooses for itself, and they are answered in order. */
  #pings: string[] | undefined
  #counted = false
  #over = false

  constructor({url, headers, subprotocols, polls, spoken}: Address, side: Side, listener: Listener) {
    this.#side = side
    this.#listener = listener
    this.#spoken = spoken
    // k6 ignores the argument for subprotocols; the header it sends as it is.
    const offered = subprotocols.length > 0 ? {'Sec-WebSocket-Protocol': subprotocols.join(', ')} : {}
    const params = {headers: {...headers, ...offered}, tags: {name: 'socket'}}
    const socket = polls
      ? new PollingSocket<Client>(url, this, carrierOf(headers))
      : (new WebSocket(url, null, params) as unknown as Socket)
    this.#socket = socket
    socket.client = this
    socket.binaryType = 'arraybuffer'
    socket.onopen = Client.#onOpen
    socket.onmessage = Client.#onMessage
    socket.onerror = Client.#onError
    socket.onclose = Client.#onClose
  }

  get side(): Side {
    return this.#side
  }

  get socket(): Socket {
    return this.#socket
  }

  /**
   * Gives every frame to somebody else first. What is done for every answer is done here, as a call costs as much as
   * what it does in k6's engine, and so does to ask an event whose it is.
   */
  showFirst(taker: Taker): void {
    this.#socket.onmessage = ({data, timestamp}) => {
      try {
        if (timestamp - offset >= measure.lagDueAt) lookAtClock(timestamp)
        const at = timestamp - offset
        if (!taker.takes(data, at)) this.#hear(data, at)
      } catch (error) {
        this.#fault(error)
      }
    }
  }

  send(message: Sent): void {
    if (message.kind !== 'ping') {
      write(this.#socket, this.frameOf(message))
      return
    }
    const socket = this.#socket
    if (socket.readyState !== OPEN) return
    const pings = this.#pings ?? []
    if (!this.#pings) socket.onpong = Client.#onPong
    this.#pings = pings
    pings.push(message.value)
    socket.ping()
  }

  /** What `send` would write, where that is a frame. */
  frameOf(message: Sent): string | Uint8Array {
    const [session, spoken] = [this.#session, this.#spoken]
    if (session && (message.kind === 'event' || message.kind === 'ack')) return encodePacket(packetOf(session, message))
    return 'frames' in spoken && (message.kind === 'json' || message.kind === 'text')
      ? writeFrame(message, spoken.frames)
      : new Uint8Array()
  }

  close(): void {
    if (this.#over) return
    this.#finish()
    if (this.#socket.readyState !== CONNECTING) this.#socket.close()
  }

  static readonly #onOpen: Socket['onopen'] = ({target: {client}}) => {
    client.#try(() => client.#opened())
  }

  static readonly #onMessage: Socket['onmessage'] = ({target: {client}, data, timestamp}) => {
    client.#try(() => {
      if (timestamp - offset >= measure.lagDueAt) lookAtClock(timestamp)
      if (!client.#over) client.#hear(data, timestamp - offset)
    })
  }

  static readonly #onPong: Socket['onpong'] = ({target: {client}, timestamp}) => {
    const value = client.#pings?.shift() ?? ''
    if (!client.#over) client.#try(() => client.#listener.message(client, {kind: 'pong', value}, timestamp - offset))
  }

  static readonly #onError: Socket['onerror'] = ({target: {client}, error, code: known}) => {
    const {code, refused} = known ? {code: known} : classify(error)
    client.#end(code, error, refused)
  }

  static readonly #onClose: Socket['onclose'] = ({target: {client}, code = 1006, reason = ''}) => {
    client.#try(() => {
      if (client.#counted) measure.socketClosed(client.#over ? undefined : code)
      client.#counted = false
      client.#end('closed', `the server closed the connection (code ${code}${reason ? `: ${reason}` : ''})`)
    })
  }

  #opened(): void {
    this.#counted = true
    measure.socketOpened(elapsed() - this.#dialledAt)
    measure.reached('upgraded')
    // Never while it connects: k6 2.2 would hang for ever.
    if (this.#over) this.#socket.close()
    else if ('frames' in this.#spoken) this.#listener.opened(this, {})
  }

  #hear(data: string | ArrayBuffer, at: number): void {
    const spoken = this.#spoken
    const frame = typeof data === 'string' ? data : new Uint8Array(data)
    if ('frames' in spoken) {
      for (const message of messagesIn(frame, spoken.frames)) this.#listener.message(this, message, at)
      return
    }
    const packet = decodePacket(frame)
    if (this.#session) this.#take(receivePacket(this.#session, packet), at)
    else if (packet.type === 'open') {
      measure.reached('engine')
      this.#take(connectSession(spoken.namespace, spoken.auth), at)
    }
  }

  #take(stepped: SessionStep, at: number): void {
    this.#session = stepped.session
    for (const output of stepped.outputs) {
      if (output.kind === 'send') write(this.#socket, encodePacket(output.packet))
      else if (output.kind === 'message') this.#listener.message(this, output.message, at)
      else if (output.kind === 'ended') this.#end(output.code, output.message)
      else {
        measure.reached('namespace')
        this.#listener.opened(this, {sid: output.sid})
      }
    }
  }

  #end(code: FailureCode, message: string, refused = false): void {
    if (this.#over) return
    this.#finish()
    if (this.#socket.readyState === OPEN) this.#socket.close()
    this.#listener.ended(code, message, refused)
  }

  /** From now on nothing is heard. */
  #finish(): void {
    this.#over = true
    this.#socket.onmessage = Client.#onMessage
  }

  /** An exception in a handler would end the iteration, and with it every session of this virtual user. */
  #try(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#fault(error)
    }
  }

  #fault(error: unknown): void {
    const {name, message} = error as Error
    this.#end(name === 'Malformed' ? 'protocol_error' : 'crashed', message)
  }
}

function messagesIn(frame: string | Uint8Array, frames: Frames): Received[] {
  if (typeof frame === 'string') return readFrame(frame, frames)
  const text = textOfBytes(frame)
  return text === null ? [{kind: 'binary', value: encodeBase64(frame)}] : readFrame(text, frames)
}

function lookAtClock(timestamp: number): void {
  const now = elapsed()
  correct(timestamp, now)
  measure.lag(now - (timestamp - offset), now)
}

function classify(error: string): {code: FailureCode; refused?: boolean} {
  const refused = error.includes('bad handshake')
  return {code: refused ? 'upgrade_refused' : dialFailure(error), refused}
}

/** The address of Engine.IO over WebSocket: k6 has no `URL`. */
export function socketIoUrl(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}EIO=${ENGINE_IO_REVISION}&transport=websocket`
}
