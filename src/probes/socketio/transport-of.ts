import {fillTransport} from '../../dialect/fill-transport.ts'
import {freshIds} from '../../dialect/fresh-id.ts'
import {socketIoTransport, type SocketIoTransport} from '../../dialect/schema-transport.ts'
import type {SocketIoOptions} from './options.ts'

/** The transport of one attempt: what the check says itself, else its dialect, as its client A would have it. */
export function transportOf(options: SocketIoOptions, random: () => number): SocketIoTransport {
  const {path, namespace, transports, payload, query, headers} = options
  const said = spoken(options, random)
  return {
    kind: 'socket.io',
    path: path ?? said.path,
    namespace: namespace ?? said.namespace,
    transports: transports ?? said.transports,
    auth: payload ?? said.auth,
    query: {...said.query, ...query},
    headers: {...said.headers, ...headers},
  }
}

function spoken({dialect}: SocketIoOptions, random: () => number): SocketIoTransport {
  if (dialect?.transport.kind !== 'socket.io') return socketIoTransport.parse({kind: 'socket.io'})
  const {a, b} = freshIds(dialect.ids, random)
  return fillTransport(dialect.transport, (name) => {
    if (name === 'side') return 'a'
    return name.startsWith('other.') ? b[name.slice('other.'.length)] : a[name]
  })
}
