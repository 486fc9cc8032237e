import {WebSocket, type RawData} from 'ws'
import {ProbeFailure} from '../../core/errors.ts'
import {Inlet} from '../inlet.ts'
import {closeCause, NO_CLOSE_FRAME} from './close-cause.ts'

/** What arrives on a WebSocket, with the time at which the socket had it. */
export type Frame =
  | {readonly kind: 'message'; readonly data: string | Uint8Array; readonly at: number}
  | {readonly kind: 'pong'; readonly data: string; readonly at: number}

export interface WebSocketLink {
  /** Everything that arrives, kept from the first byte until it is asked for. Ends with what ended the connection. */
  readonly frames: Inlet<Frame>
  send(data: string | Uint8Array): void
  ping(data: string): void
  /** When the other end was last heard, its pings included. */
  heardAt(): number
  /** Says goodbye (RFC 6455, section 7.1.2), waits only a moment for the answer, and tells whether it came. */
  close(farewell?: Farewell): Promise<boolean>
}

/** How to say goodbye. One that is the server's to say first is waited for a moment, too. */
export interface Farewell {
  readonly code: number
  readonly reason: string
  readonly by: 'client' | 'server'
}

interface LinkOptions {
  readonly now: () => number
  /** The error of the connection below, if it has had one. */
  readonly broken: () => Error | undefined
  readonly maxPayloadBytes: number
  /** The `EIO` of its URL, where it is one of Engine.IO. */
  readonly revision: string | null
}

/** `ws` itself would wait 30 s for a peer that does not answer the close frame. */
const CLOSE_MS = 500

/** The frames of a WebSocket, listened to from before it is open. */
export function linkOver(ws: WebSocket, {now, broken, maxPayloadBytes, revision}: LinkOptions): WebSocketLink {
  const frames = new Inlet<Frame>()
  let clean = false
  let heardAt = now()
  ws.on('message', (data, isBinary) => {
    const at = (heardAt = now())
    frames.put({kind: 'message', data: isBinary ? bytesOf(data) : bytesOf(data).toString('utf8'), at})
  })
    .on('pong', (data) => {
      const at = (heardAt = now())
      frames.put({kind: 'pong', data: data.toString('utf8'), at})
    })
    .on('ping', () => (heardAt = now()))
    .on('error', (error) =>
      frames.end(broken() ?? wrongRevision(error, revision) ?? invalidFrame(error, maxPayloadBytes)),
    )
    .on('close', (code, reason) => {
      clean = code !== NO_CLOSE_FRAME
      frames.end(broken() ?? closeCause(code, reason.toString('utf8')))
    })
  return {
    frames,
    send: (data) => ws.send(data),
    ping: (data) => ws.ping(data),
    heardAt: () => heardAt,
    async close(farewell = NORMAL) {
      if (farewell.by === 'server') await ended(ws)
      if (ws.readyState !== WebSocket.CLOSED) await goodbye(ws, farewell)
      return clean
    },
  }
}

const NORMAL: Farewell = {code: 1000, reason: '', by: 'client'}

/** The server's own close, if it comes in time. */
function ended(ws: WebSocket): Promise<void> {
  if (ws.readyState === WebSocket.CLOSED) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_MS)
    ws.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function goodbye(ws: WebSocket, {code, reason}: Farewell): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
    ws.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    ws.close(code, reason)
  })
}

/**
 * Engine.IO 4 accepts a WebSocket of revision 3, and then refuses it in plain HTTP where frames should be: the H of
 * "HTTP/1.1 400 Bad Request" is a frame with RSV1 set.
 */
function wrongRevision(cause: Error, revision: string | null): Error | undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'WS_ERR_UNEXPECTED_RSV_1' || revision === null) return undefined
  const message = `the server does not speak revision ${revision} of Engine.IO: it accepted the WebSocket, and sent no frame`
  return new ProbeFailure('engineio_version', message, {
    cause,
    hint: 'EIO=4 is Socket.IO 3 and 4, EIO=3 is Socket.IO 2',
  })
}

function invalidFrame(cause: Error, maxPayloadBytes: number): Error {
  const {code = ''} = cause as NodeJS.ErrnoException
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const message = `expected messages of at most ${maxPayloadBytes} bytes, got a longer one`
    return new ProbeFailure('protocol_error', message, {cause, hint: 'a websocket check can raise `maxPayloadBytes`'})
  }
  if (!code.startsWith('WS_ERR_')) return cause
  if (code === 'WS_ERR_INVALID_CLOSE_CODE') {
    const [sent = 'one'] = /\d+/.exec(cause.message) ?? []
    const message = `the server closed with the code ${sent}, which may not be sent`
    return new ProbeFailure('close_code', message, {
      cause,
      hint: 'the codes for servers are 1000-1003, 1007-1014 and 3000-4999 (RFC 6455, section 7.4)',
    })
  }
  return new ProbeFailure('protocol_error', `expected WebSocket frames, got something else (${cause.message})`, {cause})
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
