import type {CookieJar} from 'k6/http'
import {http} from '../init/k6.ts'

export interface TextRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly timeoutMs: number
  readonly jar: CookieJar
  /** Groups k6's own samples: with URLs there would be as many series as sessions. */
  readonly name: string
}

export interface TextAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * One request on a connection of its own, as the probes make it, while other sessions go on. Redirects are answers.
 * Rejects with Go's words where none came.
 */
export async function fetchText({method, url, headers, body, timeoutMs, jar, name}: TextRequest): Promise<TextAnswer> {
  const params = {
    headers: {accept: '*/*', 'accept-encoding': 'identity', connection: 'close', ...headers},
    timeout: `${timeoutMs}ms`,
    redirects: 0,
    responseType: 'text' as const,
    jar,
    tags: {name},
    throw: true, // else k6 writes the URL into its log, values and all
  }
  try {
    return await http.asyncRequest(method, url, body ?? null, params)
  } catch (error) {
    throw new Error(String(error).replace(/^\w+ "[^"]*": /, ''), {cause: error}) // it names the URL
  }
}
