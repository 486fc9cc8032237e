import type {IncomingMessage} from 'node:http'
import {request as httpRequest} from '../../probes/node-http.ts'
import {request as httpsRequest} from 'node:https'
import type {TlsOptions} from '../../probes/tls-options.ts'

/** What a Pushgateway says takes a line; what says more is something else. */
const MAX_ANSWER_BYTES = 16_384

export interface Push {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly tls?: TlsOptions | undefined
}

export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly location: string | undefined
  readonly text: string
}

/**
 * PUTs a body and reads the whole answer: one that hangs, trickles or breaks off is none. Follows nothing.
 * Rejects with the socket's own error, or with the signal's reason.
 */
export async function send({url, headers, body, tls}: Push, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  const secure = url.protocol === 'https:'
  const request = (secure ? httpsRequest : httpRequest)(url, {
    method: 'PUT',
    headers: {...headers, 'content-length': Buffer.byteLength(body)},
    agent: false,
    ...(secure && tls && {...present(tls), rejectUnauthorized: !tls.insecure}),
  })
  const stop = () => request.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, {once: true})
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('response', resolve).on('error', reject) // stays on: a late error is nobody's news
      request.end(body)
    })
    const {statusCode = 0, statusMessage = '', headers: answered} = response
    return {status: statusCode, statusText: statusMessage, location: answered.location, text: await read(response)}
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', stop)
    request.destroy()
  }
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`expected a line of text, got more than ${MAX_ANSWER_BYTES} bytes`)
  }
  return Buffer.concat(chunks).toString('utf8').trim()
}

/** `node:https` takes an undefined certificate for one. */
function present({ca, cert, key, servername}: TlsOptions): Record<string, string> {
  const given = Object.entries({ca, cert, key, servername})
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
