import type {IncomingHttpHeaders, IncomingMessage} from 'node:http'
import {excerpt} from './excerpt.ts'

/** An answer in plain HTTP: of what comes before the messages, or in place of an upgrade. */
export interface HttpAnswer {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  /** As much of it as was asked for. */
  readonly body: string
}

/** Longest body that is read: a polling answer may hold a whole session's messages, an error page much more. */
const MAX_BODY_BYTES = 1024 * 1024
const BEGINNING_BYTES = 1024
const BEGINNING_MS = 500

/** Reads an answer, its body up to 1 MiB. What a socket breaks on in the middle rejects. */
export async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  await collect(response, chunks, MAX_BODY_BYTES)
  return answerOf(response, chunks)
}

/** Reads the beginning of a body, and waits only a moment for it: a refusal need not end. */
export async function readBeginning(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  const timer = setTimeout(() => response.destroy(), BEGINNING_MS)
  try {
    await collect(response, chunks, BEGINNING_BYTES)
  } catch {
    // cut off in the middle: the status is told already, and what came of the body is shown
  } finally {
    clearTimeout(timer)
  }
  return answerOf(response, chunks)
}

async function collect(response: IncomingMessage, chunks: Buffer[], limit: number): Promise<void> {
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= limit) return
  }
}

function answerOf({statusCode = 0, statusMessage = '', headers}: IncomingMessage, chunks: Buffer[]): HttpAnswer {
  return {status: statusCode, reason: statusMessage, headers, body: Buffer.concat(chunks).toString('utf8')}
}

/** Status, server and first bytes, as they stand in a message: `502 Bad Gateway from nginx with "<html>…"`. */
export function describeAnswer({status, reason, headers, body}: HttpAnswer): string {
  const begins = excerpt(body)
  const server = headers.server && excerpt(String(headers.server), 40)
  return [status, excerpt(reason, 60), server && `from ${server}`, begins && `with "${begins}"`]
    .filter(Boolean)
    .join(' ')
}
