import type {Socket} from 'node:net'
import {WebSocket, type RawData} from 'ws'
import {ProbeFailure} from '../../core/errors.ts'
import {notHttp} from '../not-http.ts'
import {readRefusal} from '../websocket/refusal.ts'
import type {HttpAnswer} from './http-answer.ts'
import {Inlet} from './inlet.ts'

/** What arrives on a WebSocket, with the time at which the socket had it. */
export type Frame =
  | {readonly kind: 'message'; readonly data: string | Uint8Array; readonly at: number}
  | {readonly kind: 'pong'; readonly data: string; readonly at: number}

export interface WebSocketLink {
  readonly subprotocol: string
  readonly frames: Inlet<Frame>
  send(data: string | Uint8Array): void
  ping(data: string): void
  /** Says goodbye (RFC 6455, section 7) and waits only a moment for the answer. */
  close(): Promise<void>
}

export interface WebSocketRequest {
  readonly url: URL
  /** An open connection; the link owns it from here on. */
  readonly socket: Socket
  readonly headers: Readonly<Record<string, string>>
  readonly subprotocols?: readonly string[]
  /** Names an answer that is not 101. */
  readonly refused: (answer: HttpAnswer) => ProbeFailure
}

const MAX_FRAME_BYTES = 16 * 1024 * 1024
const CLOSE_MS = 250

/** Upgrades a connection. Every later error is told through `frames`; the signal counts until the link is open. */
export async function openWebSocket(
  request: WebSocketRequest,
  {signal, now}: {signal: AbortSignal; now: () => number},
): Promise<WebSocketLink> {
  const {url, socket, headers, subprotocols = [], refused} = request
  let broken: Error | undefined
  socket.once('error', (error) => (broken = error))
  const ws = new WebSocket(url, [...subprotocols], {
    createConnection: () => socket,
    headers: {...headers},
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  })
  const frames = new Inlet<Frame>()
  ws.on('message', (data, isBinary) => {
    const at = now()
    frames.put({kind: 'message', data: isBinary ? bytesOf(data) : bytesOf(data).toString('utf8'), at})
  })
  ws.on('pong', (data) => {
    const at = now()
    frames.put({kind: 'pong', data: data.toString('utf8'), at})
  })
  ws.on('error', (error) => frames.end(broken ?? explain(error)))
  ws.on('close', (code, reason) => frames.end(broken ?? closed(code, reason.toString('utf8'))))

  try {
    await opened(ws, {refused, frames, signal})
  } catch (error) {
    ws.terminate()
    socket.destroy()
    throw error
  }
  return {
    subprotocol: ws.protocol,
    frames,
    send: (data) => ws.send(data),
    ping: (data) => ws.ping(data),
    close: () => close(ws),
  }
}

function opened(
  ws: WebSocket,
  {refused, frames, signal}: Pick<WebSocketRequest, 'refused'> & {frames: Inlet<Frame>; signal: AbortSignal},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', onAbort)
      then()
    }
    ws.once('open', () => settle(resolve))
    ws.once('error', (error) => settle(() => reject(frames.error ?? error)))
    ws.once('unexpected-response', (_, response) => {
      // Without an Upgrade header a 101 is an ordinary answer to Node's parser.
      if (response.statusCode === 101) settle(() => reject(noUpgradeHeader()))
      else void readRefusal(response).then((answer) => settle(() => reject(refused(answer))))
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, {once: true})
  })
}

function noUpgradeHeader(): ProbeFailure {
  return new ProbeFailure('upgrade_invalid', 'expected an Upgrade header with 101 Switching Protocols, got none')
}

function explain(error: Error): Error {
  const {code = ''} = error as NodeJS.ErrnoException
  if (code === 'ECONNRESET') return new ProbeFailure('closed', 'the server closed the connection without an answer')
  if (code.startsWith('WS_ERR_'))
    return new ProbeFailure('protocol_error', `not WebSocket: ${error.message}`, {cause: error})
  if (/subprotocol/i.test(error.message)) return new ProbeFailure('subprotocol', error.message, {cause: error})
  if (/^Invalid (Upgrade|Sec-WebSocket)/.test(error.message)) {
    return new ProbeFailure('upgrade_invalid', error.message, {cause: error})
  }
  return notHttp(error) ?? error
}

/** RFC 6455, section 7.4.1: 1005 stands for a close without a code, 1006 for a connection that just ended. */
function closed(code: number, reason: string): ProbeFailure {
  const told = code === 1006 ? 'without a close frame' : code === 1005 ? 'with no code' : `with code ${code}`
  return new ProbeFailure('closed', `the server closed the connection ${told}${reason && ` (${reason})`}`)
}

function close(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (ws.readyState === WebSocket.CLOSED) {
      resolve()
      return
    }
    const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
    ws.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    ws.close(1000)
  })
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
