import type {SocketIoTransport} from '../../dialect/schema-transport.ts'
import {ENGINE_IO_REVISION} from '../../dialect/engineio.ts'
import {dialling, type ConnectionOptions} from '../connection-options.ts'
import type {DialAddress} from '../dial.ts'
import type {Target} from '../probe.ts'
import type {UrlAddress} from '../url-address.ts'
import type {TransportName} from './engine-failure.ts'

/** Where and how an Engine.IO session is opened. */
export interface EngineRequest {
  readonly address: UrlAddress
  readonly target: Pick<Target, 'family'>
  readonly transport: Pick<SocketIoTransport, 'path' | 'query' | 'transports'>
  readonly headers: Readonly<Record<string, string>>
  readonly connection: ConnectionOptions
}

/**
 * The URL of one request of a session. A path in the target's own URL comes before that of the options. It ends with a
 * slash, as the official client has it: servers of Socket.IO answer nothing else, whatever their own `path` says.
 */
export function engineUrl({address, transport}: EngineRequest, name: TransportName, sid?: string): URL {
  const url = new URL(address.url)
  if (url.pathname === '/') url.pathname = transport.path
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  for (const [key, value] of Object.entries(transport.query)) url.searchParams.set(key, value)
  url.searchParams.set('EIO', String(ENGINE_IO_REVISION))
  url.searchParams.set('transport', name)
  if (sid !== undefined) url.searchParams.set('sid', sid)
  return url
}

/** What to dial for it. */
export function dialAddress({address, connection}: EngineRequest): DialAddress {
  return dialling(address, connection)
}
