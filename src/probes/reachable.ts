import {connect} from 'node:net'

const LIMIT_MS = 2000

/** Whether anything answers at an address, a refusal included: all that is asked is whether the network carries us there. */
export function isReachable({host, port}: {host: string; port: number}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({host, port, timeout: LIMIT_MS})
    const end = (reached: boolean) => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET'),
    )
  })
}
