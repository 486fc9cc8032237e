import type {IncomingMessage} from 'node:http'
import {excerpt} from '../excerpt.ts'

/** An answer of the HTTP that comes before, or in place of, the messages. */
export interface HttpAnswer {
  readonly status: number
  readonly reason: string
  readonly server: string | undefined
  readonly body: string
}

/** Longest body that is read: a polling answer may hold a whole session's messages, an error page much more. */
const MAX_BODY_BYTES = 1024 * 1024

/** Reads an answer, its body up to 1 MiB. What a socket breaks on in the middle rejects. */
export async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MAX_BODY_BYTES) break
  }
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    server: response.headersDistinct.server?.[0],
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/** Status, server and first bytes, as they stand in a message: `502 Bad Gateway from nginx: "<html>…"`. */
export function describeAnswer({status, reason, server, body}: HttpAnswer): string {
  const begins = excerpt(body)
  return [status, reason, server && `from ${excerpt(server, 40)}`, begins && `with "${begins}"`]
    .filter(Boolean)
    .join(' ')
}
