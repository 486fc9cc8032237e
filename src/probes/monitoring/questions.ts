import type {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {exchange} from '../http/exchange.ts'
import {checkExpectations} from '../http/expectations.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {requestHeaders, type RequestOptions} from '../request-options.ts'
import type {ConnectionOptions} from '../connection-options.ts'
import {withPath} from '../url-address.ts'
import {monitoringAddress} from './options.ts'

const LONGEST_ANSWER = 16 * 1024 * 1024

export interface Questions {
  /** Asks for a page, which has to answer 200, in a phase of its own. */
  page(phase: string, path: string): Promise<string>
  /** The same for JSON of a known shape. */
  json<Shape>(phase: string, path: string, schema: z.ZodType<Shape>): Promise<Shape>
}

/** The pages of one server, one phase a question: which of them fails is what one wants to know. */
export function questionsTo(
  target: Target,
  options: RequestOptions & ConnectionOptions & {path: string},
  trace: Trace,
): Questions {
  const headers = requestHeaders(options, trace)
  const base = withPath(monitoringAddress.parse(target.address).url, options.path)
  const page = async (phase: string, path: string) => {
    trace.phase(phase)
    const request = {
      url: withPath(base, path),
      method: 'GET',
      headers,
      connection: options,
      maxBodyBytes: LONGEST_ANSWER,
    }
    const response = await exchange(request, target, quiet(trace)).catch((error: unknown) => {
      throw error instanceof ProbeFailure && error.phase !== undefined
        ? new ProbeFailure(error.code, error.message, {cause: error, phase, ...(error.hint && {hint: error.hint})})
        : error
    })
    checkPage(response, phase)
    return response.body.toString('utf8')
  }
  return {
    page,
    async json(phase, path, schema) {
      const text = await page(phase, path)
      const parsed = schema.safeParse(parseJson(text))
      if (parsed.success) return parsed.data
      throw new ProbeFailure(
        'http_body',
        `expected the answer of ${path} in its documented shape, got "${excerpt(text)}"`,
      )
    },
  }
}

function checkPage(response: Parameters<typeof checkExpectations>[0], phase: string): void {
  try {
    checkExpectations(response, {status: [200], headers: {}, json: {}})
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    throw new ProbeFailure(error.code, error.message, {cause: error, phase, ...(error.hint && {hint: error.hint})})
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told as an answer of the wrong shape
  }
}
