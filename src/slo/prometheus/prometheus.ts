import {ProbeFailure} from '../../core/errors.ts'
import {failureOf} from '../../probes/classify.ts'
import {exchange} from '../../probes/http/exchange.ts'
import {silentTrace} from '../../probes/quiet-trace.ts'
import {requestHeaders, type RequestOptions} from '../../probes/request-options.ts'
import {targetOf} from '../../probes/target.ts'
import type {ConnectionOptions} from '../../probes/connection-options.ts'
import {urlAddress, withPath} from '../../probes/url-address.ts'
import {within} from '../../probes/within.ts'
import {dataOf, samplesIn, seriesIn, type Sample, type Series} from './answer.ts'
import {Unanswered} from './unanswered.ts'

/** Where Prometheus answers, and as whom we ask. */
export interface PrometheusAccess extends RequestOptions, ConnectionOptions {
  readonly address: string
  readonly family?: 4 | 6 | undefined
  /** How long one query may take. */
  readonly timeoutMs: number
}

export interface Range {
  /** Epoch milliseconds, both included. */
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

/** A Prometheus that can be asked. Every method rejects with Unanswered. Times are epoch milliseconds. */
export interface Prometheus {
  /** As it may be shown. */
  readonly display: string
  /** An instant query; without a time, by the server's own clock. */
  instant(query: string, at?: number): Promise<Sample[]>
  range(query: string, range: Range): Promise<Series[]>
  /** The samples as they were scraped: a query that ends in a range, such as `up[5m]`. */
  raw(query: string, at: number): Promise<Series[]>
  /** Whether some target exports a family of this name; null where the server cannot say. */
  knows(family: string): Promise<boolean | null>
}

const addresses = urlAddress('http')
const LONGEST_ANSWER = 64 * 1024 * 1024

/** Why an address is none of a Prometheus, or null. */
export const rejectPrometheus = addresses.reject

export function prometheusAt(access: PrometheusAccess, signal: AbortSignal): Prometheus {
  const {display} = targetOf(access.address, access.family)
  const known = new Map<string, Promise<boolean | null>>()
  const ask = (path: string, parameters: Readonly<Record<string, string>>) =>
    request(access, {path, parameters}, signal)
  const query = (text: string, at?: number) =>
    ask('/api/v1/query', {query: text, ...(at !== undefined && {time: seconds(at)}), timeout: `${access.timeoutMs}ms`})
  return {
    display,
    instant: async (text, at) => samplesIn(await query(text, at)),
    raw: async (text, at) => seriesIn(await query(text, at)),
    range: async (text, {from, to, stepMs}) =>
      seriesIn(
        await ask('/api/v1/query_range', {
          query: text,
          start: seconds(from),
          end: seconds(to),
          step: seconds(stepMs),
          timeout: `${access.timeoutMs}ms`,
        }),
      ),
    knows(family) {
      const asked = known.get(family) ?? isExported(family, ask)
      known.set(family, asked)
      return asked
    },
  }
}

type Ask = (path: string, parameters: Readonly<Record<string, string>>) => Promise<unknown>

/** Metadata came with Prometheus 2.15, and stand-ins for Prometheus often have none. */
async function isExported(family: string, ask: Ask): Promise<boolean | null> {
  try {
    const data = await ask('/api/v1/metadata', {metric: family})
    return typeof data === 'object' && data !== null && Object.hasOwn(data, family)
  } catch (error) {
    if (error instanceof Unanswered) return null
    throw error
  }
}

interface Request {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
}

async function request(access: PrometheusAccess, {path, parameters}: Request, signal: AbortSignal): Promise<unknown> {
  const {timeoutMs} = access
  const url = withPath(addresses.parse(access.address).url, `${path}?${new URLSearchParams(parameters).toString()}`)
  const reason = () => new Unanswered('query', `Prometheus did not answer within ${timeoutMs} ms`)
  const response = await within({ms: timeoutMs, signal, reason}, async (limited) => {
    const trace = silentTrace(limited)
    const headers = requestHeaders(access, trace)
    const sent = {url, method: 'GET', headers, connection: access, maxBodyBytes: LONGEST_ANSWER}
    return exchange(sent, access.family ? {family: access.family} : {}, trace)
  }).catch((error: unknown) => {
    throw unanswered(error)
  })
  return dataOf(response)
}

/** A refused port, a name that is not found, a certificate that nobody trusts: in the words that probes use. */
function unanswered(error: unknown): unknown {
  if (error instanceof Unanswered) return error
  if (error instanceof ProbeFailure && error.code === 'aborted')
    return new Unanswered('server', error.message, {cause: error})
  const {code, message, hint} = failureOf(error, '')
  if (code === 'crashed') return error
  if (code === 'http_too_large') return new Unanswered('query', `the answer of Prometheus is too long: ${message}`)
  return new Unanswered('server', `Prometheus cannot be asked: ${message}${hint ? ` (${hint})` : ''}`, {cause: error})
}

function seconds(ms: number): string {
  return String(ms / 1000)
}
