import {connectToOption, type ConnectTo} from './connect-to-option.ts'
import type {DialAddress} from './dial.ts'
import {proxyOption} from './proxy-option.ts'
import {tlsOptions, type TlsOptions} from './tls-options.ts'
import type {UrlAddress} from './url-address.ts'

/** What every probe takes whose address is a URL: the way there, and whom to trust. */
export const connectionOptions = {connectTo: connectToOption, proxy: proxyOption, ...tlsOptions}

export interface ConnectionOptions extends TlsOptions {
  readonly connectTo?: ConnectTo | undefined
  /** An http: URL; it may hold credentials. */
  readonly proxy?: string | undefined
}

/** What to dial for a URL. HTTP/2 has no Upgrade header, and one request on a connection gains nothing by it. */
export function dialling({host, port, tls}: UrlAddress, connection: ConnectionOptions): DialAddress {
  const {connectTo, proxy} = connection
  return {host, port, connectTo, proxy, ...(tls && {tls: {...connection, alpn: ['http/1.1']}})}
}
