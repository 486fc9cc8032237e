import {z} from 'zod'
import {duration} from '../duration-option.ts'
import type {CredentialSource} from './credentials.ts'

/** How a check names its credentials: long-term, or the shared secret that short-lived ones are minted with. */
export const credentialsOption = z
  .strictObject({
    username: z.string().min(1).optional().describe('long-term user name'),
    password: z
      .string()
      .min(1)
      .optional()
      .meta({secret: true})
      .describe('password of the long-term user, as ${ENV} or file:PATH'),
    secret: z
      .string()
      .min(1)
      .optional()
      .meta({secret: true})
      .describe("the server's shared secret (TURN REST API, coturn's static-auth-secret), as ${ENV} or file:PATH"),
    user: z.string().min(1).default('probe').describe('name inside the short-lived user name made with `secret`'),
    ttl: duration().default(600_000).describe('how long a credential made with `secret` is valid'),
  })
  .transform(({username, password, secret, user, ttl}, context): CredentialSource => {
    if (secret !== undefined && username === undefined && password === undefined) return {secret, user, ttlMs: ttl}
    if (secret === undefined && username !== undefined && password !== undefined) return {username, password}
    context.addIssue({code: 'custom', message: `expected username and password, or secret, got ${given()}`})
    return z.NEVER

    function given(): string {
      const names = Object.entries({username, password, secret}).flatMap(([name, value]) =>
        value === undefined ? [] : [name],
      )
      return names.length === 0 ? 'none of them' : names.length === 1 ? `${names.join()} alone` : names.join(' and ')
    }
  })
