import type {WebSocket} from 'ws'
import type {Wire} from '../probe.ts'
import type {WebSocketLink} from './link.ts'

/** Tells of every frame that arrives. Called before anybody else listens, so that a question stands before its answer. */
export function watchArrivals(ws: WebSocket, wire: Wire): void {
  ws.on('message', (data: Buffer, isBinary) => wire({direction: 'received', ...messageFrame(data, isBinary)}))
    .on('ping', (data) => wire({direction: 'received', kind: 'ping', data: data.toString()}))
    .on('pong', (data) => wire({direction: 'received', kind: 'pong', data: data.toString()}))
    .on('close', (code, reason) =>
      wire({direction: 'received', kind: 'close', data: `${code} ${reason.toString()}`.trim()}),
    )
}

/** The link, with every frame told of that is sent over it. Pings are answered by `ws` itself. */
export function watchSending(link: WebSocketLink, wire: Wire): WebSocketLink {
  return {
    ...link,
    send(data) {
      wire({direction: 'sent', ...(typeof data === 'string' ? {kind: 'text', data} : messageFrame(data, true))})
      link.send(data)
    },
    ping(data) {
      wire({direction: 'sent', kind: 'ping', data})
      link.ping(data)
    },
  }
}

/** Bytes that are text are shown as text, above all so that secrets in them are found and masked. */
function messageFrame(bytes: Uint8Array, isBinary: boolean): {kind: 'text' | 'binary'; data: string} {
  if (!isBinary) return {kind: 'text', data: new TextDecoder().decode(bytes)}
  try {
    return {kind: 'binary', data: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}
  } catch {
    return {kind: 'binary', data: `${bytes.length} bytes`} // no text: its length is all that can be shown safely
  }
}
