import {lookupOf, type Conversation} from '../../src/dialect/conversation-state.ts'
import {fillTransport} from '../../src/dialect/fill-transport.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {withQuery} from '../../src/dialect/request-url.ts'
import {fill, placeholdersOf, type Lookup} from '../../src/dialect/template.ts'
import {beginsByPolling} from '../../src/load/polling.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {socketIoUrl, type Address} from './client.ts'

/** The addresses that are the same for all clients of their load. */
const fixed = new WeakMap<SocketLoad, Address>()

/** Where one client of a conversation connects, with its own fresh values in headers, query and payload. */
export function addressOf(load: SocketLoad, state: Conversation, side: Side): Address {
  const known = fixed.get(load)
  if (known) return known
  const address = filledAddress(load, lookupOf(state, side))
  const {path, headers, query, ...transport} = load.dialect.transport
  const auth = load.payload ?? ('auth' in transport ? transport.auth : undefined) ?? null
  if (placeholdersOf({path, headers, query, auth}).length === 0) fixed.set(load, address)
  return address
}

/** The same for the session of an index, which may be one of those that begin by polling. */
export function addressToDial(
  load: SocketLoad,
  state: Conversation,
  {side, index}: {readonly side: Side; readonly index: number},
): Address {
  const address = addressOf(load, state, side)
  return beginsByPolling(index, load.polling ?? 0) ? {...address, polls: true} : address
}

function filledAddress(load: SocketLoad, lookup: Lookup): Address {
  const transport = fillTransport(load.dialect.transport, lookup)
  const headers = {...transport.headers, ...load.headers}
  const url = withQuery(withPath(load.url, transport.path), transport.query)
  if (transport.kind === 'ws')
    return {url, headers, subprotocols: transport.subprotocols, spoken: {frames: transport.frames}}
  const auth = load.payload === undefined ? transport.auth : fill(load.payload, lookup)
  return {url: socketIoUrl(url), headers, subprotocols: [], spoken: {namespace: transport.namespace, auth}}
}

/** k6 has no `URL`. */
function withPath(url: string, path: string): string {
  return url.replace(/^([a-z]+:\/\/[^/?]+)\/?(?=\?|$)/, (_, origin: string) => origin + path)
}
