import type {IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import {WebSocket} from 'ws'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {readBeginning, type HttpAnswer} from '../http-answer.ts'
import {notHttp} from '../not-http.ts'
import type {Trace} from '../probe.ts'
import {linkOver, type WebSocketLink} from './link.ts'
import {watchArrivals, watchSending} from './watch.ts'

export interface Upgrade {
  /** Open; the link owns it from here on. */
  readonly socket: Socket
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly subprotocols?: readonly string[]
  readonly maxPayloadBytes?: number
  readonly perMessageDeflate?: boolean
  /** Names an answer that is not 101. */
  readonly refused: (answer: HttpAnswer) => ProbeFailure | Promise<ProbeFailure>
}

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024

/**
 * The opening handshake of RFC 6455, section 4, on an open connection. Rejects with what was wrong about the answer;
 * the signal counts until the link is open.
 */
export function openWebSocket(
  upgrade: Upgrade,
  trace: Pick<Trace, 'signal' | 'now' | 'fact' | 'wire'>,
): Promise<WebSocketLink> {
  const {socket, url, headers, subprotocols = [], maxPayloadBytes = MAX_PAYLOAD_BYTES} = upgrade
  const {perMessageDeflate = false, refused} = upgrade
  return new Promise((resolve, reject) => {
    let broken: Error | undefined
    let answer: IncomingMessage | undefined
    socket.once('error', (error) => {
      if ('code' in error) broken = error // `ws` destroys the socket with an error of its own, which says less
    })
    const ws = new WebSocket(url, [...subprotocols], {
      createConnection: () => socket,
      headers: {...headers},
      maxPayload: maxPayloadBytes,
      perMessageDeflate,
    })
    const {wire} = trace
    if (wire) watchArrivals(ws, wire)
    const link = linkOver(ws, {
      now: () => trace.now(),
      broken: () => broken,
      revision: url.searchParams.get('EIO'),
      maxPayloadBytes,
    })
    const fail = (error: Error) => {
      done()
      ws.terminate()
      socket.destroy()
      reject(error)
    }
    const onAbort = () => fail(trace.signal.reason as Error)
    const done = () => trace.signal.removeEventListener('abort', onAbort)

    ws.once('upgrade', (response) => {
      answer = response
      answerFacts(response, trace)
    })
      .once('unexpected-response', (_request, response) => {
        answerFacts(response, trace)
        if (response.statusCode === 101) fail(noUpgradeHeader())
        else void readBeginning(response).then(refused).then(fail, fail)
      })
      .once('error', (error) => fail(broken ?? explain(error, answer, subprotocols)))
      .once('open', () => {
        done()
        if (ws.protocol) trace.fact('ws_subprotocol', ws.protocol)
        if (ws.extensions) trace.fact('ws_extensions', ws.extensions)
        resolve(wire ? watchSending(link, wire) : link)
      })
    if (trace.signal.aborted) onAbort()
    else trace.signal.addEventListener('abort', onAbort, {once: true})
  })
}

function answerFacts({statusCode, headers}: IncomingMessage, trace: Pick<Trace, 'fact'>): void {
  trace.fact('http_status', statusCode ?? 0)
  if (headers.server) trace.fact('server', excerpt(String(headers.server), 60))
}

/** Without that header a 101 is an ordinary answer to Node's parser. */
function noUpgradeHeader(): ProbeFailure {
  return new ProbeFailure('upgrade_invalid', 'expected an Upgrade header with 101 Switching Protocols, got none')
}

/** `ws` tells what is wrong with a handshake in words only; what the server sent is told here. */
function explain(error: Error, answer: IncomingMessage | undefined, offered: readonly string[]): Error {
  if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') {
    return new ProbeFailure('closed', 'the server closed the connection without an answer to the upgrade', {
      cause: error,
    })
  }
  if (!answer) return notHttp(error) ?? error
  if (error.message.includes('subprotocol')) {
    const selected = answer.headers['sec-websocket-protocol']
    const expected = offered.length > 0 ? `one of the subprotocols ${offered.join(', ')}` : 'no subprotocol'
    return new ProbeFailure('subprotocol', `expected ${expected}, got ${selected ? `"${selected}"` : 'none'}`, {
      cause: error,
      hint: 'the server must select one that was offered (RFC 6455, section 4.1)',
    })
  }
  return new ProbeFailure('upgrade_invalid', `expected a valid answer to the upgrade, got 101 but: ${error.message}`, {
    cause: error,
    hint: 'something between here and the server answers in its place, or the server breaks RFC 6455, section 4.2.2',
  })
}
