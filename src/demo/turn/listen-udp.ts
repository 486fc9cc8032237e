import {boundSocket} from './bound-socket.ts'
import type {Listener, Receiver} from './client.ts'

export async function listenUdp(host: string, port: number, receiver: Receiver): Promise<Listener> {
  const socket = await boundSocket(host, port)
  let open = true
  socket.on('error', () => {}) // an ICMP refusal concerns one client, not the port
  socket.on('message', (bytes, {address, port}) => {
    const send = (answer: Buffer) => {
      if (open) socket.send(answer, port, address, () => {})
    }
    receiver.message({id: `udp ${address} ${port}`, address, port, send}, bytes)
  })
  return {
    port: socket.address().port,
    close: () => {
      open = false
      return new Promise((resolve) => socket.close(() => resolve()))
    },
  }
}
