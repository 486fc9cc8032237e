import {redactUrl} from '../core/redact.ts'
import type {Target} from './probe.ts'

/** A target as it is given and as it may be shown. One address over IPv4 and over IPv6 is two targets. */
export function targetOf(address: string, family?: 4 | 6): Target {
  const display = redactUrl(address)
  return family ? {address, family, display: `${display} (IPv${family})`} : {address, display}
}
