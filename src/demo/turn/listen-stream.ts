import {once} from 'node:events'
import {createServer as createTcpServer, type AddressInfo, type Socket} from 'node:net'
import {createServer as createTlsServer} from 'node:tls'
import {Framing, padForStream} from '../../probes/stun/framing.ts'
import type {Client, Listener, Receiver} from './client.ts'

export interface StreamOptions {
  readonly host: string
  readonly port: number
  /** PEM texts: set for TLS. */
  readonly tls?: {readonly cert: string; readonly key: string} | undefined
  readonly maxConnections: number
  /** A connection on which nothing moves is ended unless it has an allocation. */
  readonly idleMs: number
}

/** What may wait to be sent before data is dropped, as a congested network would. */
const SEND_BUFFER_BYTES = 1 << 20

export async function listenStream(options: StreamOptions, receiver: Receiver): Promise<Listener> {
  const {host, port, tls, maxConnections, idleMs} = options
  const server = tls ? createTlsServer({...tls, handshakeTimeout: idleMs}) : createTcpServer({noDelay: true})
  server.maxConnections = maxConnections
  const open = new Set<Socket>()
  // The raw connection, for TLS, too: one that never ends its handshake has to be closed as well.
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
  })
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy())
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => serve(socket, idleMs, receiver))
  server.listen(port, host)
  await once(server, 'listening')
  server.on('error', () => {}) // a connection that could not be accepted is not the end of the port
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function serve(socket: Socket, idleMs: number, receiver: Receiver): void {
  const {remoteAddress: address, remotePort: port} = socket
  if (address === undefined || port === undefined) return // it has closed already
  const client: Client = {
    id: `stream ${address} ${port} ${socket.localPort}`,
    address,
    port,
    send: (bytes) => {
      if (socket.writable && socket.writableLength < SEND_BUFFER_BYTES) socket.write(padForStream(bytes))
    },
  }
  const framing = new Framing()
  socket.setTimeout(idleMs)
  socket.on('timeout', () => (receiver.serves(client) ? socket.setTimeout(idleMs) : socket.destroy()))
  socket.on('error', () => {})
  socket.on('close', () => receiver.gone(client))
  socket.on('data', (chunk: Buffer) => {
    const messages = messagesIn(chunk, framing)
    if (!messages) socket.destroy()
    else for (const message of messages) receiver.message(client, message)
  })
}

/** Undefined for what is not TURN: there is no telling where its next message would begin. */
function messagesIn(chunk: Buffer, framing: Framing): Buffer[] | undefined {
  try {
    return framing.push(chunk)
  } catch {
    return undefined
  }
}
