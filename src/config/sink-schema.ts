import {z} from 'zod'
import {timer} from '../probes/duration-option.ts'
import {requestOptions} from '../probes/request-options.ts'
import {tlsOptions} from '../probes/tls-options.ts'

/** Written as in a check. */
const auth = requestOptions.auth.unwrap().transform((credentials) => {
  return 'basic' in credentials ? credentials.basic : credentials
})

/** Where the numbers of a run go, besides the report. */
export const sinksSchema = z.strictObject({
  pushgateway: z
    .strictObject({
      url: z
        .url({protocol: /^https?$/, error: 'expected an http:// or https:// address'})
        .describe('base address of the Pushgateway'),
      auth: auth.optional().describe('credentials: {bearer: TOKEN} or {basic: {username, password}}'),
      headers: requestOptions.headers,
      required: z.boolean().default(false).describe('end with exit code 4 when the push fails'),
      timeout: timer().default(5000).describe('how long the whole push may take'),
      tls: z.strictObject(tlsOptions).optional().describe('whom to trust, and as whom'),
    })
    .optional()
    .describe("Prometheus' Pushgateway"),
})

export type Sinks = z.output<typeof sinksSchema>
