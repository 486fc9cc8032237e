import {failureOf} from '../../classify.ts'
import type {Trace} from '../../probe.ts'
import {quiet} from '../../quiet-trace.ts'
import {allAddresses} from '../../resolve.ts'
import {locateAll} from '../../stun/locate.ts'
import {hostPort, parseTurnUri, type ServerUri} from '../../stun/uri.ts'
import type {AllocateOptions} from '../allocate.ts'
import type {Cell} from './cell.ts'

/** One way that is yet to be tried. */
export interface Way {
  readonly cell: Omit<Cell, 'outcome'>
  readonly options: AllocateOptions
}

/**
 * Every URI over each transport that it may mean, to each of its servers, at each of their addresses. Where a name leads
 * nowhere the cell is already known.
 */
export async function waysOf(
  uris: readonly string[],
  base: AllocateOptions,
  trace: Trace,
): Promise<readonly (Way | Cell)[]> {
  const all = await Promise.all(
    uris.flatMap((uri) => serversOf(uri).map((server) => waysTo(uri, {...base, server}, trace))),
  )
  const unique = new Map(all.flat().map((way) => [keyOf(way), way]))
  return [...unique.values()]
}

/** A URI that names its transport, or says TLS, means that one. */
function serversOf(uri: string): ServerUri[] {
  const server = parseTurnUri(uri)
  if (server.protocol === 'tls' || uri.includes('?')) return [server]
  return [server, {...server, protocol: 'tcp'}]
}

async function waysTo(uri: string, options: AllocateOptions, trace: Trace): Promise<(Way | Cell)[]> {
  const {server} = options
  const transport = server.protocol
  try {
    const places = await locateAll(options, quiet(trace))
    const found = await Promise.all(
      places.map(async ({host, port}) => {
        const addresses = await allAddresses(host, options, trace.signal)
        return addresses.map(({address, family}) => ({
          cell: {uri, transport, server: hostPort(address, port), port, ip_version: family},
          options: {...options, connectTo: {host: address, port}},
        }))
      }),
    )
    return found.flat()
  } catch (error) {
    trace.signal.throwIfAborted()
    const {host, port} = options.connectTo ?? server
    const outcome = {works: false, failure: failureOf(error, 'resolve')} as const
    return [{uri, transport, server: hostPort(host, port ?? server.port), port: port ?? server.port, outcome}]
  }
}

/** The same port of the same address under the same name is one way, however many URIs lead there. */
function keyOf(way: Way | Cell): string {
  const {transport, server, uri} = 'cell' in way ? way.cell : way
  const name = 'cell' in way && transport === 'tls' ? way.options.server.host : ''
  return [transport, server, name, 'cell' in way ? '' : uri].join(' ')
}
