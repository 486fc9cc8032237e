import {createSocket, type Socket} from 'node:dgram'
import {once} from 'node:events'
import {isIPv6} from 'node:net'

/** A UDP socket that listens; port 0 takes a free one. What cannot be bound is closed again. */
export async function boundSocket(host: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    socket.bind(port, host)
    await once(socket, 'listening')
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}
