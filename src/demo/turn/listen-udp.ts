import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import type {Listener, Receiver} from './client.ts'

export async function listenUdp(host: string, port: number, receiver: Receiver): Promise<Listener> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.on('error', () => {}) // an ICMP refusal concerns one client, not the port
  socket.on('message', (bytes, from) => {
    receiver.message(
      {
        id: `udp ${from.address} ${from.port}`,
        address: from.address,
        port: from.port,
        send: (answer) => socket.send(answer, from.port, from.address, () => {}),
      },
      bytes,
    )
  })
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}
