import type {IncomingMessage} from 'node:http'
import {excerpt} from '../excerpt.ts'
import type {Refusal} from '../websocket/refusal.ts'

/** An answer of the HTTP that comes before, or in place of, the messages. */
export type HttpAnswer = Refusal

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
    headers: response.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/** Status, server and first bytes, as they stand in a message: `502 Bad Gateway from nginx: "<html>…"`. */
export function describeAnswer({status, reason, headers, body}: HttpAnswer): string {
  const begins = excerpt(body)
  const server = headers.server && excerpt(String(headers.server), 40)
  return [status, reason, server && `from ${server}`, begins && `with "${begins}"`].filter(Boolean).join(' ')
}
