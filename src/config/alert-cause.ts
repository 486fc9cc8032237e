import {UserError} from '../core/errors.ts'
import type {Config} from './config-schema.ts'

export interface AlertCause {
  /** Whose alert has to fire. */
  readonly objective: string
  readonly cause: {
    readonly url: string
    readonly method: 'GET' | 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly times: number
  }
}

/** The requests that make a documented alert fire, and where they go in this deployment. */
export function causeOf({name, alert_path: way, targets}: Config): AlertCause {
  if (!way)
    throw new UserError(`expected \`alert_path\` in the profile ${name}, got none`, 'say what makes which alert fire')
  const {objective, target, path, method, headers, body, times} = way
  const [address] = [targets[target]?.address].flat()
  if (address === undefined) {
    throw new UserError(
      `expected the address of the target ${target}, got none`,
      `give --target ${target}=URL, or write it to probe.yaml`,
    )
  }
  const url = new URL(path, address).href
  return {objective, cause: {url, method, headers, times, ...(body !== undefined && {body})}}
}
