import {isIP} from 'node:net'
import {ProbeFailure} from '../../core/errors.ts'
import {askDns} from '../ask-dns.ts'
import {dialled, type Endpoint} from '../connect-to-option.ts'
import type {Trace} from '../probe.ts'
import {inSrvOrder, type SrvRecord} from './srv-order.ts'
import type {TransportOptions} from './transport.ts'
import {hostPort, type ServerUri} from './uri.ts'

/** The place that an attempt connects to: of several servers of a service the one that a client tries first. */
export async function locate(options: TransportOptions, trace: Trace): Promise<Endpoint> {
  const [first] = await locateAll(options, trace)
  return first
}

/**
 * Every server behind a URI, in the order in which a client tries them (RFC 5928): those of its SRV records where it
 * has a name without a port, else its own host and port. No records, or nobody to ask for them, mean the latter too.
 */
export async function locateAll(
  {server, connectTo, dnsServer, srv = true}: TransportOptions,
  trace: Trace,
): Promise<readonly [Endpoint, ...Endpoint[]]> {
  const service = srv && !connectTo ? serviceOf(server) : undefined
  const own = dialled(server, connectTo)
  if (service === undefined) return [own]
  trace.phase('resolve')
  const records = await recordsOf(service, dnsServer, trace)
  if (records.length === 1 && records[0]?.name === '') {
    throw new ProbeFailure('dns_not_found', `there is no such service, says the SRV record of ${service}`)
  }
  const [first, ...others] = inSrvOrder(records, Math.random)
  if (!first) return [own]
  trace.fact('srv_server', hostPort(first.name, first.port))
  trace.detail(
    'srv',
    [first, ...others].map(({name, port, priority, weight}) => ({name, port, priority, weight})),
  )
  return [endpointOf(first), ...others.map(endpointOf)]
}

/** The SRV name of a URI, where RFC 5928 section 3 has one asked for: a name, and no port. */
function serviceOf({kind, host, protocol, portGiven}: ServerUri): string | undefined {
  if (portGiven || isIP(host) !== 0 || /(^|\.)localhost$/i.test(host)) return undefined
  return protocol === 'tls' ? `_${kind}s._tcp.${host}` : `_${kind}._${protocol}.${host}`
}

async function recordsOf(service: string, dnsServer: string | undefined, trace: Trace): Promise<readonly SrvRecord[]> {
  try {
    return await askDns(service, {dnsServer, ask: (resolver) => resolver.resolveSrv(service)}, trace.signal)
  } catch (error) {
    if (!(error instanceof ProbeFailure) || trace.signal.aborted) throw error
    // some resolvers know no SRV: the addresses of the name itself still do
    if (error.code !== 'dns_not_found') trace.fact('srv_unknown', error.message)
    return []
  }
}

function endpointOf({name, port}: SrvRecord): Endpoint {
  return {host: name, port}
}
