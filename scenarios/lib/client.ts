import {WebSocket} from 'k6/websockets'
import type {FailureCode} from '../../src/core/failure.ts'
import type {Json} from '../../src/core/json.ts'
import type {Values} from '../../src/dialect/conditions.ts'
import {decodePacket, encodePacket, ENGINE_IO_REVISION} from '../../src/dialect/engineio.ts'
import {readFrame, writeFrame} from '../../src/dialect/frames.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Frames} from '../../src/dialect/schema-frames.ts'
import {
  connectSession,
  packetOf,
  receivePacket,
  type SessionStep,
  type SocketSession,
} from '../../src/dialect/socketio-session.ts'
import {elapsed, momentOf} from './clock.ts'
import * as measure from './measure.ts'

/** Where and how a client connects, its own values filled in. */
export interface Address {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly subprotocols: readonly string[]
  /** Socket.IO, if it is spoken; else how messages lie in frames. */
  readonly spoken: {readonly namespace: string; readonly auth?: Json | undefined} | {readonly frames: Frames}
}

/** What a client tells whoever opened it. After `ended` it says nothing more. */
export interface Listener {
  opened(values: Values): void
  message(message: Received, at: number): void
  ended(code: FailureCode, message: string, details?: {readonly refused?: boolean}): void
}

/** One socket with what is spoken on it. */
export interface Client {
  send(message: Sent): void
  close(): void
}

/** k6's WebSocket, with what its published types leave out. */
interface Socket {
  readonly readyState: number
  binaryType: string
  onopen: (event: object) => void
  onmessage: (event: {readonly data: string | ArrayBuffer; readonly timestamp: number}) => void
  onpong: (event: {readonly timestamp: number}) => void
  onerror: (event: {readonly error: string}) => void
  onclose: (event: {readonly code?: number; readonly reason?: string}) => void
  send(data: string | ArrayBuffer): void
  ping(): void
  close(): void
}

const CONNECTING = 0
const OPEN = 1

export function openClient({url, headers, subprotocols, spoken}: Address, listener: Listener): Client {
  const dialledAt = elapsed()
  // k6 ignores the argument for subprotocols; the header it sends as it is.
  const offered = subprotocols.length > 0 ? {'Sec-WebSocket-Protocol': subprotocols.join(', ')} : {}
  const params = {headers: {...headers, ...offered}, tags: {name: 'socket'}}
  const socket = new WebSocket(url, null, params) as unknown as Socket
  socket.binaryType = 'arraybuffer'
  let session: SocketSession | undefined
  /** What the pings under way hold: k6 chooses for itself, and they are answered in order. */
  const pings: string[] = []
  let counted = false
  let over = false

  const end = (code: FailureCode, message: string, details?: {readonly refused?: boolean}) => {
    if (over) return
    over = true
    if (socket.readyState === OPEN) socket.close()
    listener.ended(code, message, details)
  }
  const write = (frame: string | Uint8Array) => {
    if (socket.readyState === OPEN) socket.send(typeof frame === 'string' ? frame : frame.slice().buffer)
  }
  const take = (stepped: SessionStep, at: number) => {
    session = stepped.session
    for (const output of stepped.outputs) {
      if (output.kind === 'send') write(encodePacket(output.packet))
      else if (output.kind === 'message') listener.message(output.message, at)
      else if (output.kind === 'ended') end(output.code, output.message)
      else {
        measure.reached('namespace')
        listener.opened({sid: output.sid})
      }
    }
  }
  const hear = (data: string | ArrayBuffer, at: number) => {
    if ('frames' in spoken) {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
      for (const message of readFrame(text, spoken.frames)) listener.message(message, at)
      return
    }
    const packet = decodePacket(typeof data === 'string' ? data : new Uint8Array(data))
    if (session) take(receivePacket(session, packet), at)
    else if (packet.type === 'open') {
      measure.reached('engine')
      take(connectSession(spoken.namespace, spoken.auth), at)
    }
  }

  socket.onopen = guarded(end, () => {
    counted = true
    measure.socketOpened(elapsed() - dialledAt)
    measure.reached('upgraded')
    // Never while it connects: k6 2.2 would hang for ever.
    if (over) socket.close()
    else if ('frames' in spoken) listener.opened({})
  })
  socket.onmessage = guarded(end, ({data, timestamp}) => {
    const at = momentOf(timestamp)
    measure.lag(elapsed() - at)
    if (!over) hear(data, at)
  })
  socket.onpong = guarded(end, ({timestamp}) => {
    if (!over) listener.message({kind: 'pong', value: pings.shift() ?? ''}, momentOf(timestamp))
  })
  socket.onerror = guarded(end, ({error}) => {
    const {code, refused} = classify(error)
    end(code, error, {refused})
  })
  socket.onclose = guarded(end, ({code = 1006, reason = ''}) => {
    if (counted) measure.socketClosed(over ? undefined : code)
    counted = false
    end('closed', `the server closed the connection (code ${code}${reason ? `: ${reason}` : ''})`)
  })
  return {
    send(message) {
      if (message.kind === 'ping') {
        if (socket.readyState !== OPEN) return
        pings.push(message.value)
        socket.ping()
      } else if (message.kind === 'event' || message.kind === 'ack') {
        if (session) write(encodePacket(packetOf(session, message)))
      } else if ('frames' in spoken) write(writeFrame(message, spoken.frames))
    },
    close() {
      if (over) return
      over = true
      if (socket.readyState !== CONNECTING) socket.close()
    },
  }
}

/** An exception in a handler would end the iteration, and with it every session of this virtual user. */
function guarded<Event>(
  end: (code: FailureCode, message: string) => void,
  handle: (event: Event) => void,
): (event: Event) => void {
  return (event) => {
    try {
      handle(event)
    } catch (error) {
      const {name, message} = error as Error
      end(name === 'Malformed' ? 'protocol_error' : 'crashed', message)
    }
  }
}

/** What k6 says of a dial that failed are the words of Go's libraries. */
function classify(error: string): {code: FailureCode; refused: boolean} {
  const refused = error.includes('bad handshake')
  return {
    code: refused ? 'upgrade_refused' : (causes.find(([pattern]) => pattern.test(error))?.[1] ?? 'closed'),
    refused,
  }
}

const causes: readonly (readonly [RegExp, FailureCode])[] = [
  [/connection refused/, 'refused'],
  [/no such host/, 'dns_not_found'],
  [/too many open files|cannot assign requested address|no buffer space/, 'exhausted'],
  [/i\/o timeout|deadline exceeded/, 'timeout'],
  [/reset by peer|broken pipe/, 'reset'],
  [/unreachable|no route/, 'unreachable'],
  [/x509|certificate/, 'tls_untrusted'],
  [/tls:/, 'tls_protocol'],
]

/** The address of Engine.IO over WebSocket: k6 has no `URL`. */
export function socketIoUrl(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}EIO=${ENGINE_IO_REVISION}&transport=websocket`
}
