import {z} from 'zod'
import {duration} from '../probes/duration-option.ts'
import {tlsOptions} from '../probes/tls-options.ts'

const secret = z.string().min(1).meta({secret: true})

const auth = z.union([
  z.strictObject({bearer: secret.describe('bearer token')}),
  z.strictObject({
    username: z.string().min(1).describe('user name of basic authentication'),
    password: secret.describe('its password'),
  }),
])

/** Where the numbers of a run go, besides the report. */
export const sinksSchema = z.strictObject({
  pushgateway: z
    .strictObject({
      url: z.url({protocol: /^https?$/}).describe('base address of the Pushgateway'),
      auth: auth.optional().describe('how to log in: a bearer token, or a name and a password'),
      required: z.boolean().default(false).describe('end with exit code 4 when the push fails'),
      timeout: duration().default(5000).describe('how long the whole push may take'),
      tls: z.strictObject(tlsOptions).optional().describe('whom to trust, and as whom'),
    })
    .optional()
    .describe("Prometheus' Pushgateway"),
})

export type Sinks = z.output<typeof sinksSchema>
