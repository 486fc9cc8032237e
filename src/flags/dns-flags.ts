import * as Flags from '@oclif/core/flags'

const group = {helpGroup: 'NETWORK'} as const

/** Whom a command asks for the names of STUN and TURN servers. */
export const dnsFlags = {
  'dns-server': Flags.string({
    ...group,
    helpValue: 'ADDRESS[:PORT]',
    summary: "DNS server to ask, in place of the system's resolver",
  }),
  'no-srv': Flags.boolean({...group, summary: 'look for no SRV records of a name without a port, as browsers do'}),
}

interface DnsFlags {
  readonly 'dns-server'?: string | undefined
  readonly 'no-srv'?: boolean | undefined
}

export function dnsOf({'dns-server': dnsServer, 'no-srv': noSrv}: DnsFlags): object {
  return {...(dnsServer !== undefined && {dnsServer}), ...(noSrv && {srv: false})}
}
