import {lookup} from 'node:dns/promises'
import {isIP} from 'node:net'
import {abortable} from './abortable.ts'
import {askDns} from './ask-dns.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

export interface ResolveOptions {
  readonly family?: 4 | 6 | undefined
  /** `ADDRESS:PORT` of the one DNS server to ask, in place of the system's resolver. */
  readonly dnsServer?: string | undefined
}

/** Every address of a name, as the system's resolver orders them; a DNS server of its own is asked for IPv4 first. */
export async function addressesOf(
  name: string,
  {family, dnsServer}: ResolveOptions,
  signal: AbortSignal,
): Promise<readonly ResolvedAddress[]> {
  if (dnsServer === undefined) {
    const found = await abortable(lookup(name, {family: family ?? 0, order: 'verbatim', all: true}), signal)
    return found.map(({address}) => resolved(address))
  }
  const asked = await Promise.allSettled([
    ...(family === 6 ? [] : [askDns(name, {dnsServer, ask: (resolver) => resolver.resolve4(name)}, signal)]),
    ...(family === 4 ? [] : [askDns(name, {dnsServer, ask: (resolver) => resolver.resolve6(name)}, signal)]),
  ])
  const found = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const refusal = asked.find(({status}) => status === 'rejected')
  if (found.length === 0 && refusal?.status === 'rejected') throw refusal.reason
  return found.map(resolved)
}

function resolved(address: string): ResolvedAddress {
  return {address, family: isIP(address) === 6 ? 6 : 4}
}
