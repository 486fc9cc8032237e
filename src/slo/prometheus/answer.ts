import {z} from 'zod'
import {excerpt} from '../../probes/excerpt.ts'
import type {HttpResponse} from '../../probes/http/exchange.ts'
import {Unanswered} from './unanswered.ts'

const answerSchema = z.looseObject({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
})

/** The data of an answer of Prometheus' HTTP API. Throws Unanswered for everything that is none. */
export function dataOf(response: HttpResponse): unknown {
  const answer = answerSchema.safeParse(parseJson(response.body))
  if (!answer.success) throw notPrometheus(response)
  const {status, data, errorType = 'unknown', error = 'no reason given', warnings = []} = answer.data
  if (status === 'error') throw refusal(errorType, excerpt(error, 300))
  // A store behind Prometheus (Thanos, remote read) that did not answer is a warning to it; half of the data is no data.
  if (warnings.length > 0) throw new Unanswered('query', `the answer is partial: ${excerpt(warnings.join('; '), 300)}`)
  return data
}

function refusal(type: string, error: string): Unanswered {
  if (
    type === 'bad_data' &&
    /unknown function|unknown modifier|unexpected character.*@|feature|disabled/i.test(error)
  ) {
    return new Unanswered('unknown', `this Prometheus does not know what the query needs: ${error}`)
  }
  if (type === 'bad_data' && error.includes('parse error')) return new Unanswered('syntax', error)
  if (type === 'timeout') return new Unanswered('query', `the query took too long: ${error}`)
  return new Unanswered('query', `Prometheus could not answer (${type}): ${error}`)
}

function notPrometheus({status, reason, headers, body}: HttpResponse): Unanswered {
  const got = [status, excerpt(reason, 60)].filter(Boolean).join(' ')
  if (status === 401 || status === 403) {
    return new Unanswered('server', `Prometheus refuses our credentials (${got}): give --user or a bearer token`)
  }
  if (status >= 300 && status < 400) {
    return new Unanswered(
      'server',
      `expected the API of Prometheus, got a redirect to ${excerpt(String(headers.location), 120)}`,
    )
  }
  if (status === 404)
    return new Unanswered('server', `expected the API of Prometheus, got ${got}: is the path of the address right?`)
  if (status === 502 || status === 503 || status === 504)
    return new Unanswered('query', `the proxy before Prometheus answered ${got}`)
  return new Unanswered('server', `expected JSON of the API of Prometheus, got ${got} with "${excerpt(body, 80)}"`)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined // told with the status, which says more
  }
}

const labels = z.record(z.string(), z.string())
const point = z.tuple([z.number(), z.string()])
const series = z.object({metric: labels, values: z.array(point).default([])})
const resultSchema = z.discriminatedUnion('resultType', [
  z.object({resultType: z.literal('vector'), result: z.array(z.object({metric: labels, value: point.optional()}))}),
  z.object({resultType: z.literal('matrix'), result: z.array(series)}),
  z.object({resultType: z.literal('scalar'), result: point}),
])

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** In order; times in epoch milliseconds. */
  readonly points: readonly (readonly [time: number, value: number])[]
}

/** The samples of an instant query. What is no number (NaN, as 0/0) is left out: it says nothing. */
export function samplesIn(data: unknown): Sample[] {
  const result = resultIn(data)
  if (result.resultType === 'scalar') return [{labels: {}, value: valueOf(result.result[1])}]
  if (result.resultType === 'matrix') return []
  return result.result
    .map(({metric, value}) => ({labels: metric, value: valueOf(value?.[1] ?? 'NaN')}))
    .filter(({value}) => !Number.isNaN(value))
}

/** The series of a range query, or of a query for raw samples. */
export function seriesIn(data: unknown): Series[] {
  const result = resultIn(data)
  if (result.resultType !== 'matrix') return []
  return result.result.map(({metric, values}) => ({
    labels: metric,
    points: values.map(([time, value]) => [time * 1000, valueOf(value)] as const),
  }))
}

function resultIn(data: unknown): z.output<typeof resultSchema> {
  const result = resultSchema.safeParse(data)
  if (!result.success) throw new Unanswered('server', 'expected the result of a query, got JSON of another kind')
  return result.data
}

/** Prometheus writes "+Inf" and "-Inf", which Number does not read. */
function valueOf(text: string): number {
  return Number(text.replace(/^([+-])Inf$/, '$1Infinity'))
}
