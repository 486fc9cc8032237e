import {randomUUID} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Duplex} from 'node:stream'
import {WebSocketServer, type WebSocket} from 'ws'
import {decodePayload, ENGINE_IO_REVISION} from '../../dialect/engineio.ts'
import {EngineSession} from './engine-session.ts'

const PATH = '/socket.io/'
const MAX_BODY_BYTES = 1_000_000

/** Engine.IO's own words for what it refuses. */
const refusals = {
  transport: {code: 0, message: 'Transport unknown'},
  session: {code: 1, message: 'Session ID unknown'},
  method: {code: 2, message: 'Bad handshake method'},
  request: {code: 3, message: 'Bad request'},
  version: {code: 5, message: 'Unsupported protocol version'},
} as const
type Refusal = (typeof refusals)[keyof typeof refusals]

/** The server's end of Engine.IO 4 over websocket, and over polling with an upgrade. */
export class EngineServer {
  readonly #sessions = new Map<string, EngineSession>()
  readonly #sockets = new WebSocketServer({noServer: true, maxPayload: MAX_BODY_BYTES})
  readonly #accept: (session: EngineSession) => void

  constructor(accept: (session: EngineSession) => void) {
    this.#accept = accept
  }

  serves({url}: IncomingMessage): boolean {
    return (url ?? '').startsWith(PATH)
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const {sid, refusal} = this.#read(request, 'polling')
    if (refusal) refuse(response, refusal)
    else if (sid === null && request.method !== 'GET') refuse(response, refusals.method)
    else if (request.method === 'GET') {
      const session = sid === null ? this.#open() : this.#sessions.get(sid)
      if (session) session.poll(response)
      else refuse(response, refusals.session)
    } else this.#receive(request, response, sid ?? '')
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {}) // the client hung up during the handshake
    const {sid, refusal} = this.serves(request)
      ? this.#read(request, 'websocket')
      : {sid: null, refusal: refusals.request}
    if (refusal) {
      const {message} = refusal
      socket.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: ${message.length}\r\n\r\n${message}`)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      ws.on('error', () => {}) // followed by a close, which is what counts
      if (sid === null) this.#open(ws)
      else this.#sessions.get(sid)?.moveTo(ws)
    })
  }

  close(): void {
    for (const session of this.#sessions.values()) session.end()
    this.#sockets.close()
  }

  #open(ws?: WebSocket): EngineSession {
    const sid = randomUUID()
    const session = new EngineSession(sid, ws, () => this.#sessions.delete(sid))
    this.#sessions.set(sid, session)
    this.#accept(session)
    return session
  }

  #read(request: IncomingMessage, transport: string): {sid: string | null; refusal?: Refusal} {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams
    const sid = query.get('sid')
    if (query.get('transport') === 'websocket' && transport === 'polling') return {sid, refusal: refusals.request}
    if (query.get('transport') !== transport) return {sid, refusal: refusals.transport}
    if (sid !== null && !this.#sessions.has(sid)) return {sid, refusal: refusals.session}
    if (query.get('EIO') !== String(ENGINE_IO_REVISION)) return {sid, refusal: refusals.version}
    return {sid}
  }

  #receive(request: IncomingMessage, response: ServerResponse, sid: string): void {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
      if (body.length > MAX_BODY_BYTES) request.destroy()
    })
    request.on('error', () => {}) // the client hung up: there is nobody to answer
    request.on('end', () => {
      try {
        for (const packet of decodePayload(body)) this.#sessions.get(sid)?.receive(packet)
        response.end('ok')
      } catch {
        refuse(response, refusals.request)
      }
    })
  }
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(400, {'content-type': 'application/json'}).end(JSON.stringify(refusal))
}
