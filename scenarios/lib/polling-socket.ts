import type {FailureCode} from '../../src/core/failure.ts'
import {beginning} from '../../src/dialect/beginning.ts'
import {engineRefusal} from '../../src/dialect/engine-refusal.ts'
import {
  decodePacket,
  decodePayload,
  encodePacket,
  encodePayload,
  type EnginePacket,
} from '../../src/dialect/engineio.ts'
import {readHandshake} from '../../src/dialect/handshake.ts'
import {dialFailure} from './dial-failure.ts'
import {OPEN, type Socket} from './socket.ts'

/** What a session that begins by polling is carried by. */
export interface Carrier<Owner> {
  /** Rejects where no answer came. */
  exchange(request: {
    readonly method: 'GET' | 'POST'
    readonly url: string
    readonly body?: string
    readonly timeoutMs: number
  }): Promise<{readonly status: number; readonly body: string}>
  dial(url: string): Socket<Owner>
  /** The clock of events. */
  now(): number
  /** A request was refused with this status. */
  refused(status: number): void
}

const REQUEST_MS = 10_000
const PROBE = 'probe'
const DROPPED = 'a proxy on the way drops the Upgrade header, or leads WebSockets to another node'

/**
 * A session of Engine.IO that polls first and then moves to a WebSocket, as socket.io-client does: open, probe, let the
 * last poll end, "upgrade". To whoever owns it it is a socket from its first packet on; `onopen` comes when it has moved.
 */
export class PollingSocket<Owner> implements Socket<Owner> {
  client: Owner
  binaryType = ''
  onopen: Socket<Owner>['onopen'] = () => {}
  onpong: Socket<Owner>['onpong'] = () => {}
  onerror: Socket<Owner>['onerror'] = () => {}
  onclose: Socket<Owner>['onclose'] = () => {}
  readonly #url: string
  readonly #carrier: Carrier<Owner>
  #sid = ''
  #onMessage: Socket<Owner>['onmessage'] = () => {}
  #socket: Socket<Owner> | undefined
  #outbox: EnginePacket[] = []
  #posting: Promise<void> | undefined
  /** The server has answered the probe: no request begins any more. */
  #moving = false
  #moved = false
  #over = false

  /** `url` is that of the WebSocket, with `transport=websocket`. */
  constructor(url: string, client: Owner, carrier: Carrier<Owner>) {
    this.#url = url
    this.client = client
    this.#carrier = carrier
    void this.#run()
  }

  get onmessage(): Socket<Owner>['onmessage'] {
    return this.#onMessage
  }

  set onmessage(handler: Socket<Owner>['onmessage']) {
    this.#onMessage = handler
    if (this.#moved && this.#socket) this.#socket.onmessage = handler
  }

  get readyState(): number {
    return this.#moved && this.#socket ? this.#socket.readyState : OPEN
  }

  send(data: string | ArrayBuffer): void {
    if (this.#moved) this.#socket?.send(data)
    else {
      this.#outbox.push(decodePacket(typeof data === 'string' ? data : new Uint8Array(data)))
      this.#posting ??= this.#post()
    }
  }

  ping(): void {
    this.#socket?.ping()
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    if (this.#socket?.readyState === OPEN) this.#socket.close()
    if (!this.#moved) this.#leave()
  }

  async #run(): Promise<void> {
    try {
      const [first, ...more] = await this.#poll(REQUEST_MS)
      const {sid, upgrades, pingIntervalMs, pingTimeoutMs} = readHandshake(first?.type === 'open' ? first.data : '')
      this.#sid = sid
      if (this.#over) {
        this.#leave()
        return
      }
      if (first) this.#hand([first, ...more])
      if (!upgrades.includes('websocket'))
        throw new Broken('upgrade_failed', 'the server offers no upgrade to WebSocket')
      this.#probe()
      while (this.#isPolling()) this.#hand(await this.#poll(pingIntervalMs + pingTimeoutMs))
      await this.#posting
      this.#move()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The owner may have closed it, or the probe been answered, meanwhile. */
  #isPolling(): boolean {
    return !this.#over && !this.#moving
  }

  async #poll(timeoutMs: number): Promise<EnginePacket[]> {
    const {status, body} = await this.#carrier.exchange({method: 'GET', url: this.#address('polling'), timeoutMs})
    if (status !== 200 || !/^[0-6b]/.test(body)) throw this.#refused(status, body)
    return decodePayload(body)
  }

  async #post(): Promise<void> {
    try {
      while (this.#outbox.length > 0 && this.#isPolling()) await this.#say(this.#outbox.splice(0))
    } catch (error) {
      this.#fail(error)
    }
    this.#posting = undefined
  }

  async #say(packets: readonly EnginePacket[]): Promise<void> {
    const url = this.#address('polling')
    const request = {method: 'POST', url, body: encodePayload(packets), timeoutMs: REQUEST_MS} as const
    const {status, body} = await this.#carrier.exchange(request)
    if (status !== 200) throw this.#refused(status, body)
  }

  #probe(): void {
    const socket = this.#carrier.dial(this.#address('websocket'))
    this.#socket = socket
    socket.binaryType = this.binaryType
    socket.onopen = () => {
      if (this.#over) socket.close()
      else socket.send(frameOf({type: 'ping', data: PROBE}))
    }
    socket.onmessage = ({data}) => {
      if (data === encodePacket({type: 'pong', data: PROBE})) this.#moving = true
      else this.#fail(new Broken('upgrade_failed', "expected the answer to the upgrade's probe, got another packet"))
    }
    socket.onerror = ({error}) =>
      this.#fail(new Broken('upgrade_dropped', `polling passes and the upgrade does not: ${error}; ${DROPPED}`))
    socket.onclose = () => this.#fail(new Broken('upgrade_failed', 'the server closed the WebSocket of the upgrade'))
  }

  /** The server says nothing on the new socket before "upgrade", and nothing on the old way after it. */
  #move(): void {
    const socket = this.#socket
    if (this.#over || !socket) return
    socket.client = this.client
    socket.onmessage = this.onmessage
    socket.onpong = this.onpong
    socket.onerror = this.onerror
    socket.onclose = this.onclose
    this.#moved = true
    for (const packet of [{type: 'upgrade', data: ''} as const, ...this.#outbox]) socket.send(frameOf(packet))
    this.#outbox = []
    this.onopen({target: this})
  }

  #hand(packets: readonly EnginePacket[]): void {
    for (const packet of packets) {
      if (!this.#over) this.onmessage({target: this, data: frameOf(packet), timestamp: this.#carrier.now()})
    }
  }

  #refused(status: number, body: string): Broken {
    const got = `got ${status} ${beginning(body)}`
    const known = engineRefusal(body)
    if (known) return new Broken(known.code, `${known.meaning}: ${got}; ${known.hint}`, status)
    const code = status === 429 ? 'at_limit' : status === 200 || status === 404 ? 'not_engineio' : 'http_status'
    return new Broken(code, `expected an Engine.IO payload, ${got}`, status)
  }

  #fail(error: unknown): void {
    if (this.#over || this.#moved) return
    const {name, message} = error as Error
    if (error instanceof Broken && error.status >= 400) this.#carrier.refused(error.status)
    const code = error instanceof Broken ? error.code : name === 'Malformed' ? 'protocol_error' : dialFailure(message)
    this.onerror({target: this, error: message, code})
  }

  /** Ends a session that has not moved: the poll under way is answered, too. */
  #leave(): void {
    if (this.#sid !== '') this.#say([{type: 'close', data: ''}]).catch(() => {}) // it is over in any case
  }

  #address(transport: 'polling' | 'websocket'): string {
    const url = this.#sid === '' ? this.#url : `${this.#url}&sid=${encodeURIComponent(this.#sid)}`
    return transport === 'websocket'
      ? url
      : url.replace(/^ws/, 'http').replace('transport=websocket', 'transport=polling')
  }
}

class Broken extends Error {
  readonly code: FailureCode
  /** Of an answer; 0 where something else broke it. */
  readonly status: number

  constructor(code: FailureCode, message: string, status = 0) {
    super(message)
    this.code = code
    this.status = status
  }
}

function frameOf(packet: EnginePacket): string | ArrayBuffer {
  const frame = encodePacket(packet)
  return typeof frame === 'string' ? frame : frame.slice().buffer
}
