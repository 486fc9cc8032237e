import {WebSocket, type RawData} from 'ws'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {Inlet} from '../inlet.ts'

/** What arrives on a WebSocket, with the time at which the socket had it. */
export type Frame =
  | {readonly kind: 'message'; readonly data: string | Uint8Array; readonly at: number}
  | {readonly kind: 'pong'; readonly data: string; readonly at: number}

export interface WebSocketLink {
  /** Everything that arrives, kept from the first byte until it is asked for. Ends with what ended the connection. */
  readonly frames: Inlet<Frame>
  send(data: string | Uint8Array): void
  ping(data: string): void
  /** Says goodbye (RFC 6455, section 7.1.2), waits only a moment for the answer, and tells whether it came. */
  close(): Promise<boolean>
}

interface LinkOptions {
  readonly now: () => number
  /** The error of the connection below, if it has had one. */
  readonly broken: () => Error | undefined
  readonly maxPayloadBytes: number
}

/** `ws` itself would wait 30 s for a peer that does not answer the close frame. */
const CLOSE_MS = 500

/** The frames of a WebSocket, listened to from before it is open. */
export function linkOver(ws: WebSocket, {now, broken, maxPayloadBytes}: LinkOptions): WebSocketLink {
  const frames = new Inlet<Frame>()
  let clean = false
  ws.on('message', (data, isBinary) => {
    const at = now()
    frames.put({kind: 'message', data: isBinary ? bytesOf(data) : bytesOf(data).toString('utf8'), at})
  })
    .on('pong', (data) => {
      const at = now()
      frames.put({kind: 'pong', data: data.toString('utf8'), at})
    })
    .on('error', (error) => frames.end(broken() ?? invalidFrame(error, maxPayloadBytes)))
    .on('close', (code, reason) => {
      clean = code !== NO_CLOSE_FRAME
      frames.end(broken() ?? closed(code, reason.toString('utf8')))
    })
  return {
    frames,
    send: (data) => ws.send(data),
    ping: (data) => ws.ping(data),
    async close() {
      if (ws.readyState !== WebSocket.CLOSED) await goodbye(ws)
      return clean
    },
  }
}

function goodbye(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
    ws.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    ws.close(1000)
  })
}

function invalidFrame(cause: Error, maxPayloadBytes: number): Error {
  const {code = ''} = cause as NodeJS.ErrnoException
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const message = `expected messages of at most ${maxPayloadBytes} bytes, got a longer one`
    return new ProbeFailure('protocol_error', message, {cause, hint: 'a websocket check can raise `maxPayloadBytes`'})
  }
  if (!code.startsWith('WS_ERR_')) return cause
  return new ProbeFailure('protocol_error', `expected WebSocket frames, got something else (${cause.message})`, {cause})
}

/** RFC 6455, section 7.4.1: both stand for what was not sent, a code or a whole close frame. */
const NO_CODE = 1005
const NO_CLOSE_FRAME = 1006

function closed(code: number, reason: string): ProbeFailure {
  if (code === NO_CLOSE_FRAME) {
    return new ProbeFailure('closed', 'the server closed the connection without a close frame')
  }
  const why = reason && ` "${excerpt(reason)}"`
  return new ProbeFailure(
    'closed_early',
    code === NO_CODE ? 'the server closed without a code' : `the server closed with ${code}${why}`,
  )
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
