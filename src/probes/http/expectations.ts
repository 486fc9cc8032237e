import {isDeepStrictEqual} from 'node:util'
import {ProbeFailure} from '../../core/errors.ts'
import {parseJsonPath, readJsonPath} from '../../core/json-path.ts'
import type {Json} from '../../core/json.ts'
import {redactUrl} from '../../core/redact.ts'
import {compilePattern} from '../../dialect/pattern.ts'
import {excerpt} from '../excerpt.ts'
import type {HttpResponse} from './exchange.ts'
import type {HttpOptions} from './options.ts'

type Expectations = HttpOptions['expect']

/** Throws for the first expectation that an answer does not meet: status, headers, body, JSON. */
export function checkExpectations(response: HttpResponse, expected: Expectations): void {
  checkStatus(response, expected.status)
  for (const [name, pattern] of Object.entries(expected.headers)) checkHeader(response, name, pattern)
  if (expected.body !== undefined) checkBody(response, expected.body)
  if (Object.keys(expected.json).length > 0) checkJson(response, expected.json)
}

function checkStatus({status, reason, headers, body}: HttpResponse, accepted: Expectations['status']): void {
  if (accepted.some((code) => code === status || code === `${Math.floor(status / 100)}xx`)) return
  const begins = excerpt(body)
  const hint = headers.location
    ? `it redirects to ${redactUrl(headers.location)}: follow with \`redirects\`, or accept the status`
    : begins && `the body begins: ${begins}`
  throw new ProbeFailure('http_status', `expected status ${accepted.join(' or ')}, got ${statusText(status, reason)}`, {
    phase: 'processing',
    ...(hint && {hint}),
  })
}

function statusText(status: number, reason: string): string {
  return [status, excerpt(reason, 60)].filter(Boolean).join(' ')
}

function checkHeader({headers}: HttpResponse, name: string, pattern: string): void {
  const value = headers[name.toLowerCase()]
  const text = Array.isArray(value) ? value.join(', ') : value
  if (text !== undefined && compilePattern(pattern).test(text)) return
  const got = text === undefined ? 'no such header' : `"${excerpt(text)}"`
  throw new ProbeFailure('http_header', `expected header ${name} to match "${pattern}", got ${got}`, {
    phase: 'processing',
  })
}

function checkBody({body}: HttpResponse, pattern: string): void {
  if (compilePattern(pattern).test(body.toString('utf8'))) return
  throw new ProbeFailure('http_body', `expected a body that matches "${pattern}", got ${quoted(body)}`)
}

function checkJson({body}: HttpResponse, expected: Expectations['json']): void {
  const document = parseJson(body)
  for (const [path, value] of Object.entries(expected)) {
    const found = readJsonPath(document, parseJsonPath(path) ?? [])
    if (isDeepStrictEqual(found, value)) continue
    const got = found === undefined ? 'nothing there' : excerpt(JSON.stringify(found))
    throw new ProbeFailure('http_body', `expected ${path} to be ${JSON.stringify(value)}, got ${got}`)
  }
}

function parseJson(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch (cause) {
    throw new ProbeFailure('http_body', `expected a JSON body, got ${quoted(body)}`, {cause})
  }
}

function quoted(body: Buffer): string {
  return body.length === 0 ? 'an empty body' : `"${excerpt(body)}"`
}
