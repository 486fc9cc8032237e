import {Resolver} from 'node:dns/promises'
import {ProbeFailure} from '../core/errors.ts'

/** The first wait for a DNS server, and how often it is asked. */
const PATIENCE = {timeout: 700, tries: 2}
/** What a DNS server says where there is no such name, or no record of that type. */
const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA'])

interface Question<T> {
  /** `ADDRESS:PORT`; without it those of the system's configuration. */
  readonly dnsServer?: string | undefined
  readonly ask: (resolver: Resolver) => Promise<T>
}

/** One question to a DNS server. Rejects with `dns_not_found` or `dns_failed`. */
export async function askDns<T>(name: string, {dnsServer, ask}: Question<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const resolver = new Resolver(PATIENCE)
  if (dnsServer !== undefined) resolver.setServers([dnsServer])
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, {once: true})
  try {
    return await ask(resolver)
  } catch (error) {
    signal.throwIfAborted()
    const {code = 'unknown error'} = error as NodeJS.ErrnoException
    if (NOT_FOUND.has(code)) {
      throw new ProbeFailure('dns_not_found', `no such name, or no such record of it (${code} ${name})`, {cause: error})
    }
    const asked = dnsServer === undefined ? 'no DNS server' : `the DNS server ${dnsServer} has not`
    throw new ProbeFailure('dns_failed', `${asked} answered for ${name} (${code})`, {cause: error})
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
