import type {IncomingMessage} from 'node:http'
import {request as httpRequest} from '../node-http.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {dialling, type ConnectionOptions} from '../connection-options.ts'
import {dial} from '../dial.ts'
import {excerpt} from '../excerpt.ts'
import {causeOfCut} from '../cut-cause.ts'
import {notHttp} from '../not-http.ts'
import type {Target, Trace} from '../probe.ts'
import {responseTo} from '../response-to.ts'
import {addressOf} from '../url-address.ts'

export interface HttpRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly connection: ConnectionOptions
  readonly maxBodyBytes: number
}

export interface HttpResponse {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/**
 * One request on a connection of its own, over HTTP/1.1, in the phases `resolve`, `connect`, `tls`, `processing` (to
 * the first byte of the answer) and `transfer`. The time is bounded by the attempt's deadline, the body by its limit.
 */
export async function exchange(
  request: HttpRequest,
  target: Pick<Target, 'family'>,
  trace: Trace,
): Promise<HttpResponse> {
  const {url, connection} = request
  const socket = await dial(dialling(addressOf(url), connection), target, trace)
  let broken: Error | undefined
  socket.once('error', (error) => (broken = error))
  try {
    trace.phase('processing')
    const sentAt = trace.wallClock()
    const sent = httpRequest({
      createConnection: () => socket, // and no agent: nothing is kept alive behind our back
      method: request.method,
      path: request.url.pathname + request.url.search,
      headers: {host: request.url.host, accept: '*/*', 'accept-encoding': 'identity', ...request.headers},
      signal: trace.signal,
    })
    const response = await responseTo(sent, request.body)
    responseFacts(response, {sentAt, answeredAt: trace.wallClock()}, trace)
    trace.phase('transfer')
    const body = await readBody(response, request.maxBodyBytes)
    trace.fact('body_bytes', body.length)
    return {status: response.statusCode ?? 0, reason: response.statusMessage ?? '', headers: response.headers, body}
  } catch (error) {
    throw await causeOfCut(
      error instanceof ProbeFailure ? error : (broken ?? explain(error)),
      {url, target, connection},
      trace,
    )
  } finally {
    socket.destroy()
  }
}

async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) {
      throw new ProbeFailure('http_too_large', `expected a body of at most ${limit} bytes, got more`, {
        hint: 'if the answer is meant to be that long, raise `maxBodyBytes` where the check has it',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function responseFacts(
  {statusCode, httpVersion, headers}: IncomingMessage,
  {sentAt, answeredAt}: {sentAt: number; answeredAt: number},
  trace: Trace,
): void {
  trace.fact('http_status', statusCode ?? 0)
  trace.fact('http_version', httpVersion)
  if (headers.server) trace.fact('server', excerpt(String(headers.server), 60))
  if (headers['content-length']) trace.fact('content_length', Number(headers['content-length']))
  // The server wrote its Date somewhere between request and answer; it has whole seconds (RFC 9110, section 5.6.7).
  const serverClock = Date.parse(headers.date ?? '')
  if (Number.isNaN(serverClock)) return
  const middleOfItsSecond = serverClock + 500 // Date has whole seconds, rounded down
  trace.fact('clock_skew_ms', Math.round(middleOfItsSecond - (sentAt + answeredAt) / 2))
}

/** Node calls every early end of a connection a reset; without an error of the socket's own the server hung up. */
function explain(error: unknown): unknown {
  const {code} = error as NodeJS.ErrnoException
  if (code !== 'ECONNRESET') return notHttp(error) ?? error
  return new ProbeFailure('closed', 'the server closed the connection before its answer was complete', {cause: error})
}
