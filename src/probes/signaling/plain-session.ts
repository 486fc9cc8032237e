import type {PlainTransport} from '../../dialect/schema-transport.ts'
import {readFrame, writeFrame} from '../../dialect/frames.ts'
import type {Received} from '../../dialect/message.ts'
import type {Close} from '../../dialect/schema-conversation.ts'
import type {ConnectionOptions} from '../connection-options.ts'
import type {Target, Trace} from '../probe.ts'
import {Inlet} from '../inlet.ts'
import type {ArrivedMessage, Session} from '../socketio/session.ts'
import {connectWebSocket} from '../websocket/connect.ts'
import type {UrlAddress} from '../url-address.ts'

export interface PlainRequest {
  readonly address: UrlAddress
  readonly target: Pick<Target, 'family'>
  readonly transport: Pick<PlainTransport, 'path' | 'query' | 'subprotocols' | 'frames'>
  readonly close: Close
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
      const arrived: Received[] = kind === 'pong' ? [{kind, value: data}] : messagesIn(data, transport.frames)
      for (const message of arrived) messages.put({message, at})
    },
    ended: (error) => messages.end(error),
  })
  return {
    values: {},
    messages,
    send(message) {
      if (message.kind === 'ping') link.ping(message.value)
      else if (message.kind === 'json' || message.kind === 'text') link.send(writeFrame(message, transport.frames))
      else throw new Error(`a plain WebSocket cannot send a message of kind ${message.kind}`)
    },
    async close() {
      await link.close(request.close)
    },
  }
}

function messagesIn(data: string | Uint8Array, frames: PlainTransport['frames']): Received[] {
  const text = typeof data === 'string' ? data : textOf(data)
  return text === undefined ? [{kind: 'binary', value: base64Of(data)}] : readFrame(text, frames)
}

/** By Node's own means: the dialect's are for every runtime, and slow with megabytes. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  } catch {
    return undefined // no UTF-8
  }
}

function base64Of(data: string | Uint8Array): string {
  return Buffer.from(data).toString('base64')
}

function urlOf({address, transport}: PlainRequest): URL {
  const url = new URL(address.url)
  if (url.pathname === '/') url.pathname = transport.path
  for (const [key, value] of Object.entries(transport.query)) url.searchParams.set(key, value)
  return url
}
