import {ProbeFailure} from '../../core/errors.ts'
import {encodePacket, type EnginePacket} from '../../dialect/engineio.ts'
import {readHandshake, type Handshake} from '../../dialect/handshake.ts'
import {Malformed} from '../../dialect/malformed.ts'
import {dial} from '../dial.ts'
import {excerpt} from '../excerpt.ts'
import type {Trace} from '../probe.ts'
import {Cookies} from './cookies.ts'
import type {HttpAnswer} from '../http-answer.ts'
import {engineFailure, type TransportName} from './engine-failure.ts'
import {dialAddress, engineUrl, type EngineRequest} from './engine-request.ts'
import {Inlet} from '../inlet.ts'
import {PollingCarrier} from './polling-carrier.ts'
import {poll, type PollingRequest} from './polling.ts'
import {pump} from './pump.ts'
import {quiet} from '../quiet-trace.ts'
import {secondLook} from './second-look.ts'
import {SessionAgent} from './session-agent.ts'
import {upgradeEngine} from './upgrade.ts'
import {causeOfCut} from '../cut-cause.ts'
import {openWebSocket} from '../websocket/open.ts'

/** A packet with the time at which the socket had it. */
export interface ArrivedPacket {
  readonly packet: EnginePacket
  readonly at: number
}

/** An open Engine.IO session. Heartbeats are the session's business, as any other packet. */
export interface Engine {
  readonly handshake: Handshake
  readonly transport: TransportName
  readonly packets: Inlet<ArrivedPacket>
  send(packet: EnginePacket): void
  /** A ping frame below Engine.IO; polling has none. */
  readonly ping?: () => void
  close(): Promise<void>
}

/** Opens a session in the phases `resolve`, `connect`, `tls`, `open` and, from polling to websocket, `upgrade`. */
export async function openEngine(request: EngineRequest, trace: Trace): Promise<Engine> {
  const [first] = request.transport.transports
  const engine = first === 'polling' ? await openPolling(request, trace) : await openOverWebSocket(request, trace)
  trace.fact('transport', engine.transport)
  trace.fact('ping_interval_ms', engine.handshake.pingIntervalMs)
  trace.fact('ping_timeout_ms', engine.handshake.pingTimeoutMs)
  return engine
}

async function openOverWebSocket(request: EngineRequest, trace: Trace): Promise<Engine> {
  const socket = await dial(dialAddress(request), request.target, trace)
  trace.phase('open')
  const url = engineUrl(request, 'websocket')
  const refused = (answer: HttpAnswer) => engineFailure(answer, 'websocket', url)
  const link = await openWebSocket({url, socket, headers: request.headers, refused}, trace).catch(
    async (error: unknown) => {
      throw await secondLook(error, request, trace)
    },
  )
  try {
    const packets = new Inlet<ArrivedPacket>()
    pump(link, packets)
    const {packet} = await packets.take(trace.signal)
    const handshake = handshakeOf(packet)
    const send = (sent: EnginePacket) => link.send(encodePacket(sent))
    trace.skip('upgrade', 'websocket from the start')
    return {
      handshake,
      transport: 'websocket',
      packets,
      send,
      ping: () => link.ping('hold'),
      close: async () => {
        await link.close()
      },
    }
  } catch (error) {
    await link.close()
    throw error instanceof ProbeFailure && error.code === 'protocol_error' ? notEngine(error) : error
  }
}

async function openPolling(request: EngineRequest, trace: Trace): Promise<Engine> {
  const dialMore = (ended: AbortSignal) => {
    const signal = AbortSignal.any([trace.signal, ended])
    return dial(dialAddress(request), request.target, {...quiet(trace), signal})
  }
  const agent = new SessionAgent(await dial(dialAddress(request), request.target, trace), dialMore)
  trace.phase('open')
  const cookies = new Cookies()
  const {headers} = request
  const at = (sid?: string): PollingRequest => ({
    url: engineUrl(request, 'polling', sid),
    headers,
    agent,
    cookies,
    wire: trace.wire,
  })
  let carrier: PollingCarrier | undefined
  try {
    const [first, ...more] = await poll(at(), trace.signal).catch(async (error: unknown) => {
      throw await causeOfCut(error, {...request, url: request.address.url}, trace)
    })
    const handshake = handshakeOf(first)
    const packets = new Inlet<ArrivedPacket>()
    for (const packet of more) packets.put({packet, at: trace.now()})
    carrier = new PollingCarrier(at(handshake.sid), handshake, {packets, now: () => trace.now()})
    return await upgradeEngine({request, handshake, carrier, packets, cookies}, trace)
  } catch (error) {
    await carrier?.close()
    agent.destroy()
    throw error instanceof Malformed ? notEngine(error) : error
  }
}

function handshakeOf(packet: EnginePacket | undefined): Handshake {
  if (packet?.type === 'open') return readHandshake(packet.data)
  throw new ProbeFailure(
    'not_engineio',
    `expected an Engine.IO open packet, got ${packet ? `a "${packet.type}" packet: "${excerpt(packet.data)}"` : 'nothing'}`,
  )
}

function notEngine(error: Error): ProbeFailure {
  return new ProbeFailure('not_engineio', error.message, {
    cause: error,
    hint: 'is `path` that of the Socket.IO server?',
  })
}
