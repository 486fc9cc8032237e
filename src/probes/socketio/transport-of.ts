import {ProbeFailure} from '../../core/errors.ts'
import type {Values} from '../../dialect/conditions.ts'
import {fillTransport} from '../../dialect/fill-transport.ts'
import {freshIds} from '../../dialect/fresh-id.ts'
import {socketIoTransport, type SocketIoTransport} from '../../dialect/schema-transport.ts'
import {UnsetValue} from '../../dialect/template.ts'
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
  const known: Values = {...dialect.values, ...a, side: 'a'}
  try {
    return fillTransport(dialect.transport, (name) =>
      name.startsWith('other.') ? b[name.slice('other.'.length)] : known[name],
    )
  } catch (error) {
    if (!(error instanceof UnsetValue)) throw error
    throw new ProbeFailure('unsupported', `the transport of the dialect needs {${error.placeholder}}`, {
      hint: 'HTTP requests before the connection are made by the signaling probe only',
    })
  }
}
