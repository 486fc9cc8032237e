import type {ServerResponse} from 'node:http'
import type {WebSocket} from 'ws'
import {decodePacket, encodePacket, encodePayload, type EnginePacket} from '../../dialect/engineio.ts'

const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 20_000

/** One client's session: packets in and out, whatever transport it is on. */
export class EngineSession {
  readonly sid: string
  readonly #onEnd: () => void
  readonly #listeners: ((packet: EnginePacket) => void)[] = []
  readonly #endListeners: (() => void)[] = []
  #ws: WebSocket | undefined
  #waitingPoll: ServerResponse | undefined
  #outbox: EnginePacket[] = []
  #upgrading = false
  #ended = false
  #heartbeat: NodeJS.Timeout | undefined

  constructor(sid: string, ws: WebSocket | undefined, onEnd: () => void) {
    this.sid = sid
    this.#onEnd = onEnd
    if (ws) this.#listen(ws)
    this.#ws = ws
    const upgrades = ws ? [] : ['websocket']
    const handshake = {sid, upgrades, pingInterval: PING_INTERVAL_MS, pingTimeout: PING_TIMEOUT_MS, maxPayload: 1e6}
    this.send({type: 'open', data: JSON.stringify(handshake)})
    this.#expectPong(false)
  }

  /** Hears the messages of the client. */
  onMessage(listener: (packet: EnginePacket) => void): void {
    this.#listeners.push(listener)
  }

  onEnd(listener: () => void): void {
    this.#endListeners.push(listener)
  }

  send(packet: EnginePacket): void {
    if (this.#ended) return
    if (this.#ws) this.#ws.send(encodePacket(packet))
    else {
      this.#outbox.push(packet)
      this.#flush()
    }
  }

  receive(packet: EnginePacket): void {
    if (packet.type === 'close') this.end()
    else if (packet.type === 'pong') this.#expectPong(false)
    else if (packet.type === 'message') for (const listener of this.#listeners) listener(packet)
  }

  /** Answers a GET as soon as there is something to say. */
  poll(response: ServerResponse): void {
    this.#waitingPoll = response
    response.on('close', () => {
      if (this.#waitingPoll === response) this.#waitingPoll = undefined
    })
    this.#flush()
  }

  /** Engine.IO's upgrade: probe, answer, let the last poll end, "upgrade". */
  moveTo(ws: WebSocket): void {
    ws.on('message', (data: Buffer, isBinary) => {
      const text = isBinary ? '' : data.toString('utf8')
      if (text === '2probe') {
        ws.send('3probe')
        this.#upgrading = true
        this.#flush()
      } else if (text === '5' && this.#upgrading) {
        ws.removeAllListeners('message')
        this.#ws = ws
        this.#listen(ws)
        for (const packet of this.#outbox.splice(0)) ws.send(encodePacket(packet))
      }
    })
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#heartbeat)
    this.#waitingPoll?.end(encodePayload([{type: 'noop', data: ''}]))
    this.#ws?.close()
    this.#onEnd()
    for (const listener of this.#endListeners) listener()
  }

  #listen(ws: WebSocket): void {
    ws.on('close', () => this.end())
    ws.on('message', (data: Buffer, isBinary) => {
      try {
        this.receive(decodePacket(isBinary ? data : data.toString('utf8')))
      } catch {
        this.end() // a client that does not speak Engine.IO
      }
    })
  }

  #flush(): void {
    const noop: EnginePacket = {type: 'noop', data: ''}
    const packets = this.#outbox.length === 0 && this.#upgrading ? [noop] : this.#outbox
    if (!this.#waitingPoll || packets.length === 0) return
    const response = this.#waitingPoll
    this.#waitingPoll = undefined
    this.#outbox = []
    response.setHeader('content-type', 'text/plain; charset=UTF-8').end(encodePayload(packets))
  }

  #expectPong(pinged: boolean): void {
    clearTimeout(this.#heartbeat)
    this.#heartbeat = setTimeout(
      () => {
        if (pinged) {
          this.end()
          return
        }
        this.send({type: 'ping', data: ''})
        this.#expectPong(true)
      },
      pinged ? PING_TIMEOUT_MS : PING_INTERVAL_MS,
    )
  }
}
