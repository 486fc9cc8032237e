import {lookup} from 'node:dns/promises'
import {isIP} from 'node:net'
import {ProbeFailure} from '../core/errors.ts'
import {abortable} from './abortable.ts'
import type {Target, Trace} from './probe.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** RFC 1035, section 2.3.4, written out without the last dot. The system's resolver calls more an invalid argument. */
const LONGEST_NAME = 253

/**
 * The one address that an attempt uses: the resolver's first answer, of the asked family. No happy eyeballs:
 * IPv4 and IPv6 are two targets. An address literal is taken as it is. Begins the phase `resolve`.
 */
export async function resolve(host: string, {family}: Pick<Target, 'family'>, trace: Trace): Promise<ResolvedAddress> {
  trace.phase('resolve')
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const literal = isIP(bare)
  if (literal !== 0 && family !== undefined && literal !== family) {
    throw new ProbeFailure('unsupported', `${bare} is not an IPv${family} address`, {
      hint: `drop the -${family} flag or name a host`,
    })
  }
  if (bare.length > LONGEST_NAME) {
    throw new ProbeFailure('dns_not_found', `a name has at most ${LONGEST_NAME} characters, got ${bare.length}`)
  }
  const found =
    literal === 0
      ? await abortable(lookup(bare, {family: family ?? 0, order: 'verbatim'}), trace.signal)
      : {address: bare, family: literal}
  const resolved: ResolvedAddress = {address: found.address, family: found.family === 6 ? 6 : 4}
  trace.fact('ip', resolved.address)
  trace.fact('ip_protocol', resolved.family)
  return resolved
}
