import type {Socket} from 'node:net'

/** Waits for a socket to be ready, and leaves only an idle error listener on it. */
export function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      done()
      socket.destroy()
      reject(error)
    }
    const onReady = () => {
      done()
      resolve()
    }
    const onClose = () => fail(Object.assign(new Error('closed before it was ready'), {code: 'ECONNRESET'}))
    const onAbort = () => fail(signal.reason as Error)
    const done = () => {
      socket.off(event, onReady).off('error', fail).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
    }
    socket.on('error', () => {}) // a late error is nobody's news: the socket is ours to end
    socket.once(event, onReady).once('error', fail).once('close', onClose)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, {once: true})
  })
}
