import type {IncomingHttpHeaders, IncomingMessage} from 'node:http'
import {ProbeFailure} from '../../core/errors.ts'
import {redactUrl} from '../../core/redact.ts'
import {excerpt} from '../excerpt.ts'

export interface Refusal {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  /** As much of the body as came at once. */
  readonly body: string
}

const BODY_BYTES = 1024
const BODY_MS = 500

/** Names an answer that is not 101: refused by the server, or never seen by it as an upgrade. */
export function refusal(answer: Refusal): ProbeFailure {
  const {status, reason, headers, body} = answer
  const got = [status, excerpt(reason, 60)].filter(Boolean).join(' ')
  const begins = excerpt(body)
  const message = `expected 101 Switching Protocols, got ${got}${begins && `: ${begins}`}`
  if (wasDropped(answer)) {
    const proxy = headers.via ?? String(headers.server ?? '')
    return new ProbeFailure('upgrade_dropped', message, {
      hint:
        'the server saw an ordinary request: wrong path, or a proxy on the way drops the Upgrade header ' +
        `(nginx needs proxy_http_version 1.1 and both headers set)${proxy ? `; answered by ${excerpt(proxy, 60)}` : ''}`,
    })
  }
  const hint = headers.location ? `it redirects to ${redactUrl(headers.location)}: name that address` : hints[status]
  return new ProbeFailure('upgrade_refused', message, hint ? {hint} : {})
}

/**
 * Upgrade is a hop-by-hop header (RFC 9110, section 7.6.1): a proxy that does not know it forwards an ordinary GET.
 * The server behind then shows a page, asks for the upgrade that we did send, or complains that it is missing.
 */
function wasDropped({status, headers, body}: Refusal): boolean {
  if (status === 200) return true
  if (status === 426) return speaksOurVersion(headers['sec-websocket-version'])
  return status === 400 && asksForUpgrade.test(body)
}

/** In the words of most servers; the code 3 is Engine.IO's "bad request": its websocket transport without an upgrade. */
const asksForUpgrade = /upgrade|"code":3\b/i

/** A server that does not speak version 13 also answers 426, and names those it does (RFC 6455, section 4.2.2). */
function speaksOurVersion(versions: string | undefined): boolean {
  return versions === undefined || versions.split(',').some((version) => version.trim() === '13')
}

const hints: Readonly<Record<number, string>> = {
  401: 'check the credentials (`auth`, `headers`, `query`)',
  403: 'check the credentials, and whether the server accepts this `origin`',
  404: 'check the path',
  502: 'a proxy answered: its backend does not',
  503: 'a proxy or the server has no capacity, or no healthy backend',
  504: 'a proxy answered: its backend is silent',
}

/** Reads the beginning of a body, and waits only a moment for it: a refusal need not end. */
export async function readRefusal(response: IncomingMessage): Promise<Refusal> {
  const chunks: Buffer[] = []
  const timer = setTimeout(() => response.destroy(), BODY_MS)
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      if (Buffer.concat(chunks).length >= BODY_BYTES) break
    }
  } catch {
    // cut off in the middle: the status is told already, and what came of the body is shown
  } finally {
    clearTimeout(timer)
  }
  const {statusCode = 0, statusMessage = '', headers} = response
  return {status: statusCode, reason: statusMessage, headers, body: Buffer.concat(chunks).toString('utf8')}
}
