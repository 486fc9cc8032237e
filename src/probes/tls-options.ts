import {z} from 'zod'

/** What every probe over TLS takes. Certificates are PEM texts or `file:` references, resolved by the config. */
export const tlsOptions = {
  ca: z
    .string()
    .min(1)
    .optional()
    .meta({file: true})
    .describe("PEM of the authority to trust instead of the system's, or file:PATH"),
  cert: z.string().min(1).optional().meta({file: true}).describe('PEM of the client certificate (mTLS), or file:PATH'),
  key: z
    .string()
    .min(1)
    .optional()
    .meta({secret: true})
    .describe('PEM of the client key (mTLS), as ${ENV} or file:PATH'),
  servername: z
    .string()
    .min(1)
    .optional()
    .describe('name to ask for and to verify (SNI), if not the host of the target'),
  insecure: z.boolean().optional().describe('accept any certificate; the report says so'),
}

export interface TlsOptions {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
  readonly insecure?: boolean | undefined
}
