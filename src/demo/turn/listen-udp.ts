import {boundSocket} from './bound-socket.ts'
import type {Listener, Receiver} from './client.ts'

export async function listenUdp(host: string, port: number, receiver: Receiver): Promise<Listener> {
  const socket = await boundSocket(host, port)
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
