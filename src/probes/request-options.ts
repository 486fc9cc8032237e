import {z} from 'zod'
import {ProbeFailure} from '../core/errors.ts'
import {headerName, headerValue} from '../dialect/schema-http.ts'
import type {Trace} from './probe.ts'

/** What every probe takes that begins with an HTTP request. */
export const requestOptions = {
  path: z
    .string()
    .regex(/^[^\s#]*$/, 'expected a path without white space and #')
    .default('')
    .describe('path below that of the target, with or without a query'),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .meta({secret: true})
    .describe('headers to send; secrets in them as ${ENV} or file:PATH'),
  auth: z
    .union(
      [
        z.strictObject({
          bearer: headerValue.min(1).meta({secret: true}).describe('token to send as "Authorization: Bearer …"'),
        }),
        z.strictObject({
          basic: z.strictObject({
            username: z
              .string()
              .regex(/^[^:]*$/, 'expected a user name without a colon')
              .describe('user name'),
            password: z.string().meta({secret: true}).describe('password'),
          }),
        }),
      ],
      {error: 'expected {bearer: TOKEN} or {basic: {username, password}}'},
    )
    .optional()
    .describe('credentials: {bearer: TOKEN} or {basic: {username, password}}'),
}

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: z.output<typeof requestOptions.auth>
}

/**
 * The headers of a request, names in lower case: ours, then the operator's, who may replace what is ours. The id is a
 * fact of the attempt: whoever runs the server can search the logs for it.
 */
export function requestHeaders(
  {headers, auth}: RequestOptions,
  trace: Pick<Trace, 'id' | 'secret' | 'fact'>,
): Record<string, string> {
  trace.fact('request_id', trace.id)
  const given = Object.entries(fitting(headers)).map(([name, value]): [string, string] => [name.toLowerCase(), value])
  return {
    'user-agent': 'rtc-probe (synthetic check)',
    'x-request-id': trace.id,
    ...(auth && {authorization: authorization(auth, trace)}),
    ...Object.fromEntries(given),
  }
}

/** The headers, unless one holds what none can (RFC 9110, section 5.5): a dialect may fill in whatever a server said. */
export function fitting(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const wrong = Object.entries(headers).find(([, value]) => !headerValue.safeParse(value).success)
  if (!wrong) return headers
  throw new ProbeFailure('unsupported', `no header can hold what was filled into ${wrong[0]}`, {
    hint: 'a line break, a control character or another script: take less of the answer, or write it as {name|url} or {name|base64}',
  })
}

/** RFC 6750 section 2.1 and RFC 7617 section 2. */
function authorization(auth: NonNullable<RequestOptions['auth']>, trace: Pick<Trace, 'secret'>): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  const {username, password} = auth.basic
  const encoded = Buffer.from(`${username}:${password}`).toString('base64')
  trace.secret(encoded)
  return `Basic ${encoded}`
}
