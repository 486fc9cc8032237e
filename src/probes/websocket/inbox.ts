import type {RawData, WebSocket} from 'ws'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import type {Trace} from '../probe.ts'

interface InboxOptions {
  readonly trace: Pick<Trace, 'now' | 'signal'>
  /** The error of the connection below, if it has had one. */
  readonly broken: () => Error | undefined
  readonly maxPayloadBytes: number
}

/** More than this a server says unasked only to be passed over: the oldest go. */
const CAPACITY = 100

/** What arrives on a WebSocket, kept from the first byte until it is asked for. */
export class Inbox {
  readonly #texts: string[] = []
  readonly #pongs = new Map<string, number>()
  readonly #signal: AbortSignal
  #ended: Error | undefined
  #wake = () => {}

  constructor(socket: WebSocket, {trace, broken, maxPayloadBytes}: InboxOptions) {
    this.#signal = trace.signal
    socket
      .on('message', (data, isBinary) => {
        if (isBinary) return
        this.#texts.push(textOf(data))
        if (this.#texts.length > CAPACITY) this.#texts.shift()
        this.#wake()
      })
      .on('pong', (data) => {
        this.#pongs.set(data.toString('latin1'), trace.now())
        if (this.#pongs.size > CAPACITY) this.#pongs.delete([...this.#pongs.keys()][0] ?? '')
        this.#wake()
      })
      .on('error', (error) => this.#end(broken() ?? invalidFrame(error, maxPayloadBytes)))
      .on('close', (code, reason) => this.#end(broken() ?? closed(code, reason.toString('utf8'))))
  }

  /** The next text message, or undefined when the time is up. Rejects when the connection has ended. */
  text(withinMs: number): Promise<string | undefined> {
    return this.#until(() => this.#texts.shift(), withinMs)
  }

  /** When the pong with this payload arrived, or undefined when the time is up. */
  pong(payload: string, withinMs: number): Promise<number | undefined> {
    return this.#until(() => this.#pongs.get(payload), withinMs)
  }

  #end(error: Error): void {
    this.#ended ??= error
    this.#wake()
  }

  #until<T>(find: () => T | undefined, withinMs: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        clearTimeout(timer)
        this.#signal.removeEventListener('abort', look)
        this.#wake = () => {}
        settled()
      }
      const look = () => {
        const found = find()
        const error = this.#signal.aborted ? (this.#signal.reason as Error) : this.#ended
        if (found !== undefined) settle(() => resolve(found))
        else if (error) settle(() => reject(error))
      }
      const timer = setTimeout(() => settle(() => resolve(undefined)), withinMs)
      this.#signal.addEventListener('abort', look)
      this.#wake = look
      look()
    })
  }
}

function invalidFrame(error: Error, maxPayloadBytes: number): Error {
  const {code = ''} = error as NodeJS.ErrnoException
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new ProbeFailure(
      'protocol_error',
      `expected messages of at most ${maxPayloadBytes} bytes, got a longer one`,
      {
        cause: error,
        hint: 'raise `maxPayloadBytes` if messages are meant to be that long',
      },
    )
  }
  if (!code.startsWith('WS_ERR_')) return error
  return new ProbeFailure('protocol_error', `expected WebSocket frames, got something else (${error.message})`, {
    cause: error,
  })
}

/** RFC 6455, section 7.4.1: 1005 stands for a close frame without a code, 1006 for a connection without a close frame. */
function closed(code: number, reason: string): ProbeFailure {
  if (code === 1006) return new ProbeFailure('closed', 'the server closed the connection without a close frame')
  const why = reason && ` "${excerpt(reason)}"`
  return new ProbeFailure(
    'closed_early',
    code === 1005 ? 'server closed without a code' : `server closed with ${code}${why}`,
  )
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString('utf8')
}
