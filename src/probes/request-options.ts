import {z} from 'zod'
import type {Trace} from './probe.ts'

/** RFC 9110, section 5.6.2: what a header name or a method is made of. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Those of the connection itself: a probe that let them be changed would measure something else. */
const own = /^(connection|content-length|transfer-encoding|upgrade|sec-websocket-.*)$/i

const headerName = z
  .string()
  .regex(token, 'expected a header name')
  .refine((name) => !own.test(name), 'expected a header that the probe does not set itself')

/** RFC 9110, section 5.5. Above all no CR and LF: with them a value could smuggle in headers or a whole request. */
const headerValue = z
  .string()
  .regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    'expected a header value without line breaks, control characters or other scripts',
  )

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
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value])
  return {
    'user-agent': 'rtc-probe (synthetic check)',
    'x-request-id': trace.id,
    ...(auth && {authorization: authorization(auth, trace)}),
    ...Object.fromEntries(given),
  }
}

/** RFC 6750 section 2.1 and RFC 7617 section 2. */
function authorization(auth: NonNullable<RequestOptions['auth']>, trace: Pick<Trace, 'secret'>): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  const {username, password} = auth.basic
  const encoded = Buffer.from(`${username}:${password}`).toString('base64')
  trace.secret(encoded)
  return `Basic ${encoded}`
}
