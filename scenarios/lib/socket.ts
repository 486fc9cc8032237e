import type {FailureCode} from '../../src/core/failure.ts'

/** Whoever knows frames without reading them. */
export interface Taker {
  /** Whether a frame was taken as it is, so that nobody has to read it. */
  takes(frame: string | ArrayBuffer, at: number): boolean
}

/** k6's WebSocket, with what its published types leave out, and whose it is. */
export interface Socket<Owner> {
  client: Owner
  readonly readyState: number
  binaryType: string
  onopen: (event: Of<Owner>) => void
  onmessage: (event: Of<Owner> & {readonly data: string | ArrayBuffer; readonly timestamp: number}) => void
  onpong: (event: Of<Owner> & {readonly timestamp: number}) => void
  onerror: (event: Of<Owner> & {readonly error: string; readonly code?: FailureCode}) => void
  onclose: (event: Of<Owner> & {readonly code?: number; readonly reason?: string}) => void
  send(data: string | ArrayBuffer): void
  ping(): void
  close(): void
}

interface Of<Owner> {
  readonly target: Socket<Owner>
}

export const CONNECTING = 0
export const OPEN = 1

/** Its state is asked for at no frame: that costs as much as to send it. */
export function write(socket: Pick<Socket<unknown>, 'readyState' | 'send'>, frame: string | Uint8Array): void {
  try {
    socket.send(typeof frame === 'string' ? frame : frame.slice().buffer)
  } catch (error) {
    if (socket.readyState === OPEN) throw error
  }
}
