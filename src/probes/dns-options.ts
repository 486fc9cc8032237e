import {isIP} from 'node:net'
import {z} from 'zod'
import {UserError} from '../core/errors.ts'
import {hostAndPort} from './host-and-port.ts'

/** Whom a probe of STUN and TURN servers asks for names, and what for. */
export const dnsOptions = {
  dnsServer: z
    .string()
    .transform((text, context): string => {
      const at = serverIn(text)
      if (at !== undefined) return at
      context.addIssue({code: 'custom', message: `expected the ADDRESS[:PORT] of a DNS server, got ${text || 'none'}`})
      return z.NEVER
    })
    .optional()
    .describe("ADDRESS[:PORT] of the DNS server to ask, in place of the system's resolver"),
  srv: z
    .boolean()
    .default(true)
    .describe('look for SRV records of a name without a port (RFC 5928), as telephones do and browsers do not'),
}

export interface DnsOptions {
  /** `ADDRESS:PORT`; without it the system's resolver is asked. */
  readonly dnsServer?: string | undefined
  readonly srv?: boolean | undefined
}

const DNS_PORT = 53

function serverIn(text: string): string | undefined {
  try {
    const {host, port = DNS_PORT} = isIP(text) === 6 ? {host: text} : hostAndPort(text)
    return isIP(host) === 0 ? undefined : isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
