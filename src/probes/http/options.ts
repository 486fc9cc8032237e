import {z} from 'zod'
import {parseJsonPath} from '../../core/json-path.ts'
import {connectionOptions} from '../connection-options.ts'
import type {ProbeSpec} from '../probe.ts'
import {pattern} from '../pattern-option.ts'
import {requestOptions} from '../request-options.ts'
import {sizeLimit} from '../size-option.ts'
import {urlAddress} from '../url-address.ts'

const EXPECTED_STATUS = 'expected a status from 100 to 599 or a class such as "2xx"'
const status = z.union(
  [z.int().min(100, EXPECTED_STATUS).max(599, EXPECTED_STATUS), z.string().regex(/^[1-5]xx$/, EXPECTED_STATUS)],
  {error: EXPECTED_STATUS},
)

const jsonPath = z
  .string()
  .refine(
    (text) => parseJsonPath(text) !== null,
    'expected a JSON path to one value, such as $.status or $.nodes[0].up',
  )

export const httpOptions = z.strictObject({
  ...requestOptions,
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .default('GET')
    .describe('request method'),
  body: z.string().optional().describe('body to send'),
  expect: z
    .strictObject({
      status: z.array(status).min(1).default(['2xx']).describe('accepted codes and classes, such as [200, 3xx]'),
      headers: z.record(z.string(), pattern()).default({}).describe('a pattern (RE2) for each header that must match'),
      body: pattern().optional().describe('pattern (RE2) that the body must hold'),
      json: z
        .record(jsonPath, z.json())
        .default({})
        .describe('values that the JSON body must have, by path: {$.status: OK}'),
    })
    .prefault({})
    .describe('what a good answer is'),
  redirects: z.int().min(0).max(10).default(0).describe('how many redirects to follow; without any, they are shown'),
  maxBodyBytes: sizeLimit(1).describe('longest body that is read; a longer one is a failure'),
  ...connectionOptions,
})

export type HttpOptions = z.output<typeof httpOptions>

export const httpAddress = urlAddress('http')

export const httpSpec: ProbeSpec<HttpOptions> = {
  name: 'http',
  summary: 'one HTTP request: its phases, status, headers, body and certificate',
  phases: ['resolve', 'connect', 'tls', 'processing', 'transfer'],
  options: httpOptions,
  reject: httpAddress.reject,
  owes: () => ({health: 1}),
  load: async () => (await import('./http.ts')).http,
}
