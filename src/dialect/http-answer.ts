import type {HttpAnswer} from './message.ts'
import {parseJson} from './parse-json.ts'

/** As a client of HTTP has it. A header that came several times may be a list. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** The answer as dialects see it: names of headers in lower case, one that came several times in lines. */
export function httpAnswer({status, headers, body}: RawAnswer): HttpAnswer {
  const flat = Object.entries(headers).map(([name, value = '']): [string, string] => [
    name.toLowerCase(),
    typeof value === 'string' ? value : value.join('\n'),
  ])
  return {status, headers: Object.fromEntries(flat), body: parseJson(body) ?? body}
}

/** The longest body that is read: tokens are short, and nobody's memory is for whatever a server may send. */
export const MAX_BODY_BYTES = 1024 * 1024
