import {isIP} from 'node:net'
import {z} from 'zod'
import {UserError} from '../core/errors.ts'
import {hostAndPort} from './host-and-port.ts'

/** Where a connection goes in place of the target's own host and port: one node of the many behind one name. */
export interface ConnectTo {
  readonly host: string
  /** The target's own without it. */
  readonly port?: number | undefined
}

/** For the schema of a probe, as `connectTo`. */
export const connectToOption = z
  .string()
  .transform((text, context): ConnectTo => {
    try {
      return isIP(text) === 6 ? {host: text} : hostAndPort(text)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      context.addIssue({code: 'custom', message: error.message})
      return z.NEVER
    }
  })
  .optional()
  .describe(
    'ADDRESS[:PORT] to dial in place of the target, whose name is still the one that is shown, asked for and verified',
  )

/** What is dialled for an endpoint of the target's. */
export function dialled(own: Endpoint, connectTo: ConnectTo | undefined): Endpoint {
  return {host: connectTo?.host ?? own.host, port: connectTo?.port ?? own.port}
}

export interface Endpoint {
  readonly host: string
  readonly port: number
}
