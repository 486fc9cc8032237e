import type {PlainTransport, SocketIoTransport} from './schema-transport.ts'
import {asText} from './filters.ts'
import {fill, fillUrl, type Lookup} from './template.ts'

type Texts = Readonly<Record<string, string>>

/** The transport with a client's values in its path, headers, query and auth payload. Throws UnsetValue. */
export function fillTransport<Transport extends PlainTransport | SocketIoTransport>(
  transport: Transport,
  lookup: Lookup,
): Transport {
  const filled = (texts: Texts): Texts =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, asText(fill(text, lookup))]))
  return {
    ...transport,
    path: fillUrl(transport.path, lookup),
    headers: filled(transport.headers),
    query: filled(transport.query),
    ...('auth' in transport && transport.auth !== undefined && {auth: fill(transport.auth, lookup)}),
  }
}
