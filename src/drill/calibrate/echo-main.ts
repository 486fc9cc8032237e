import {createHash} from 'node:crypto'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {createServer} from '../../probes/node-http.ts'

/**
 * The program of the target that a generator is measured on: sends back every frame of every WebSocket (RFC 6455), with
 * as little of its own as can be. It ends with its parent.
 */
const server = createServer((_, response) => response.end())
server.on('upgrade', ({headers}, socket) => {
  const accept = createHash('sha1')
    .update(`${headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => socket.destroy())
  echo(socket)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

/** Frames of a generator are short (below 126 bytes) and masked; ours are not masked (RFC 6455, section 5.2). */
function echo(socket: Duplex): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const length = (rest[1] ?? 0) & 0x7f
      if (rest.length < 6 + length) return
      const mask = rest.subarray(2, 6)
      const payload = rest.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
      socket.write(Buffer.concat([Buffer.from([rest[0] ?? 0, length]), payload]))
      if (((rest[0] ?? 0) & 0x0f) === 8) socket.end() // a close, which is answered
      rest = rest.subarray(6 + length)
    }
  })
}
