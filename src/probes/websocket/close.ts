import {WebSocket} from 'ws'
import type {Trace} from '../probe.ts'

/** `ws` itself would wait 30 s for a peer that does not answer the close frame. */
const PATIENCE_MS = 500

/** Says goodbye (RFC 6455, section 7.1.2) and ends the connection, whether or not the peer answers in time. */
export async function closeWebSocket(socket: WebSocket, trace: Pick<Trace, 'signal' | 'fact'>): Promise<void> {
  if (socket.readyState === WebSocket.OPEN && !trace.signal.aborted) {
    const answered = await new Promise<boolean>((resolve) => {
      const settle = (clean: boolean) => {
        clearTimeout(timer)
        trace.signal.removeEventListener('abort', giveUp)
        resolve(clean)
      }
      const giveUp = () => settle(false)
      const timer = setTimeout(giveUp, PATIENCE_MS)
      trace.signal.addEventListener('abort', giveUp)
      socket.once('close', (code) => settle(code !== 1006))
      socket.close(1000)
    })
    trace.fact('ws_closed_cleanly', answered)
  }
  socket.terminate()
}
