import {request as httpRequest} from '../node-http.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {redactUrl} from '../../core/redact.ts'
import {decodePayload, encodePayload, type EnginePacket} from '../../dialect/engineio.ts'
import {notHttp} from '../not-http.ts'
import type {Wire} from '../probe.ts'
import {responseTo} from '../response-to.ts'
import type {Cookies} from './cookies.ts'
import {engineFailure} from './engine-failure.ts'
import {readAnswer, type HttpAnswer} from '../http-answer.ts'
import type {SessionAgent} from './session-agent.ts'

export interface PollingRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly agent: SessionAgent
  readonly cookies: Cookies
  readonly wire?: Wire | undefined
}

/** One GET of a polling session: what the server has for us. Rejects with the failure that the answer amounts to. */
export async function poll(request: PollingRequest, signal: AbortSignal): Promise<readonly EnginePacket[]> {
  const answer = await exchange(request, {method: 'GET', signal})
  if (answer.status !== 200 || !/^[0-6b]/.test(answer.body) || /^\d+:\d/.test(answer.body)) {
    throw engineFailure(answer, 'polling', request.url)
  }
  return decodePayload(answer.body)
}

/** One POST of a polling session. */
export async function post(
  request: PollingRequest,
  packets: readonly EnginePacket[],
  signal: AbortSignal,
): Promise<void> {
  const answer = await exchange(request, {method: 'POST', signal, body: encodePayload(packets)})
  if (answer.status !== 200) throw engineFailure(answer, 'polling', request.url)
}

async function exchange(
  {url, headers, agent, cookies, wire}: PollingRequest,
  {method, signal, body}: {method: string; signal: AbortSignal; body?: string},
): Promise<HttpAnswer> {
  const path = url.pathname + url.search
  try {
    wire?.({direction: 'sent', kind: 'http', data: `${method} ${redactUrl(path)} ${body ?? ''}`.trim()})
    const sent = httpRequest({
      agent,
      method,
      host: url.hostname,
      port: url.port,
      path,
      headers: {
        host: url.host,
        accept: '*/*',
        ...headers,
        ...cookies.header(),
        ...(body !== undefined && {'content-type': 'text/plain; charset=UTF-8'}),
      },
      signal,
    })
    const incoming = await responseTo(sent, body)
    cookies.store(incoming.headers['set-cookie'])
    const answer = await readAnswer(incoming)
    wire?.({direction: 'received', kind: 'http', data: `${answer.status} ${answer.body}`})
    return answer
  } catch (error) {
    throw explain(error)
  }
}

/** Node calls a connection that ended without an answer "socket hang up"; a reset says ECONNRESET by itself. */
function explain(error: unknown): unknown {
  const {code, message} = error as NodeJS.ErrnoException
  if (code === 'ECONNRESET' && (message === 'socket hang up' || message === 'aborted')) {
    return new ProbeFailure('closed', 'the server closed the connection before its answer was complete', {cause: error})
  }
  return notHttp(error) ?? error
}
