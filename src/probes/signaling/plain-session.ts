import type {PlainTransport} from '../../dialect/schema-transport.ts'
import {readTextMessage} from '../../dialect/text-message.ts'
import type {ConnectionOptions} from '../connection-options.ts'
import type {Target, Trace} from '../probe.ts'
import {Inlet} from '../inlet.ts'
import type {ArrivedMessage, Session} from '../socketio/session.ts'
import {connectWebSocket} from '../websocket/connect.ts'
import type {UrlAddress} from '../url-address.ts'

export interface PlainRequest {
  readonly address: UrlAddress
  readonly target: Pick<Target, 'family'>
  readonly transport: Pick<PlainTransport, 'path' | 'query' | 'subprotocols'>
  readonly headers: Readonly<Record<string, string>>
  readonly connection: ConnectionOptions
}

/** Opens a WebSocket whose messages are JSON or text, in the phases `resolve`, `connect`, `tls` and `open`. */
export async function openPlain(request: PlainRequest, trace: Trace): Promise<Session> {
  const {target, transport, headers, connection} = request
  const {subprotocols} = transport
  const asked = {url: urlOf(request), target, headers, subprotocols, connection}
  const link = await connectWebSocket(asked, {phase: 'open'}, trace)
  const messages = new Inlet<ArrivedMessage>()
  link.frames.listen({
    item({kind, data, at}) {
      if (kind === 'pong') messages.put({message: {kind, value: data}, at})
      else
        messages.put({message: readTextMessage(typeof data === 'string' ? data : new TextDecoder().decode(data)), at})
    },
    ended: (error) => messages.end(error),
  })
  return {
    values: {},
    messages,
    send(message) {
      if (message.kind === 'event') throw new Error('a plain WebSocket cannot send an event of Socket.IO')
      if (message.kind === 'ping') link.ping(message.value)
      else link.send(message.kind === 'text' ? message.value : JSON.stringify(message.value))
    },
    async close() {
      await link.close()
    },
  }
}

function urlOf({address, transport}: PlainRequest): URL {
  const url = new URL(address.url)
  if (url.pathname === '/') url.pathname = transport.path
  for (const [key, value] of Object.entries(transport.query)) url.searchParams.set(key, value)
  return url
}
