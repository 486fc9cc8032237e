import {isIP} from 'node:net'
import {ProbeFailure} from '../core/errors.ts'
import {addressesOf, type ResolvedAddress, type ResolveOptions} from './addresses.ts'
import type {Trace} from './probe.ts'

/** RFC 1035, section 2.3.4, written out without the last dot. The system's resolver calls more an invalid argument. */
const LONGEST_NAME = 253

/**
 * The one address that an attempt uses: the resolver's first answer, of the asked family. No happy eyeballs:
 * IPv4 and IPv6 are two targets. An address literal is taken as it is. Begins the phase `resolve`.
 */
export async function resolve(host: string, options: ResolveOptions, trace: Trace): Promise<ResolvedAddress> {
  trace.phase('resolve')
  const [resolved] = await allAddresses(host.replace(/^\[(.*)\]$/, '$1'), options, trace.signal)
  if (!resolved) throw new ProbeFailure('dns_not_found', `the name has no address (${host})`)
  trace.fact('ip', resolved.address)
  trace.fact('ip_protocol', resolved.family)
  return resolved
}

/** Every address of a host, be it a name or an address already. */
export async function allAddresses(
  host: string,
  options: ResolveOptions,
  signal: AbortSignal,
): Promise<readonly ResolvedAddress[]> {
  const {family} = options
  const literal = isIP(host)
  if (literal !== 0 && family !== undefined && literal !== family) {
    throw new ProbeFailure('unsupported', `${host} is not an IPv${family} address`, {
      hint: `drop the -${family} flag or name a host`,
    })
  }
  if (host.length > LONGEST_NAME) {
    throw new ProbeFailure('dns_not_found', `a name has at most ${LONGEST_NAME} characters, got ${host.length}`)
  }
  return literal === 0 ? addressesOf(host, options, signal) : [{address: host, family: literal === 6 ? 6 : 4}]
}
