import {ProbeFailure} from '../../core/errors.ts'
import {encodePacket, type EnginePacket} from '../../dialect/engineio.ts'
import type {Handshake} from '../../dialect/handshake.ts'
import {dial} from '../dial.ts'
import {excerpt} from '../excerpt.ts'
import type {Trace} from '../probe.ts'
import type {Cookies} from './cookies.ts'
import type {ArrivedPacket, Engine} from './engine.ts'
import {engineFailure} from './engine-failure.ts'
import {dialAddress, engineUrl, type EngineRequest} from './engine-request.ts'
import type {HttpAnswer} from '../http-answer.ts'
import type {Inlet} from '../inlet.ts'
import type {PollingCarrier} from './polling-carrier.ts'
import {pump} from './pump.ts'
import {quiet} from '../quiet-trace.ts'
import type {WebSocketLink} from '../websocket/link.ts'
import {openWebSocket} from '../websocket/open.ts'

interface PollingSession {
  readonly request: EngineRequest
  readonly handshake: Handshake
  readonly carrier: PollingCarrier
  readonly packets: Inlet<ArrivedPacket>
  readonly cookies: Cookies
}

/**
 * Moves a polling session to a WebSocket as Engine.IO has it: probe, answer, let the last poll end, "upgrade".
 * A session that is not meant to move, or that the server lets not, stays.
 */
export async function upgradeEngine(session: PollingSession, trace: Trace): Promise<Engine> {
  const {request, handshake, carrier, packets} = session
  const stay = (why: string): Engine => {
    trace.skip('upgrade', why)
    return {
      handshake,
      transport: 'polling',
      packets,
      send: (packet) => carrier.send(packet),
      close: () => carrier.close(),
    }
  }
  if (!request.transport.transports.includes('websocket')) return stay('polling only')
  if (!handshake.upgrades.includes('websocket')) return stay('the server offers no upgrade')

  trace.phase('upgrade')
  const signal = AbortSignal.any([trace.signal, carrier.ended])
  const link = await openLink(session, {...trace, signal})
  try {
    await probe(link, signal)
    await carrier.pause()
    link.send(encodePacket({type: 'upgrade', data: ''}))
  } catch (error) {
    await link.close()
    throw error
  }
  pump(link, packets)
  const close = async () => {
    await link.close()
    await carrier.abandon()
  }
  return {
    handshake,
    transport: 'websocket',
    packets,
    send: (packet) => link.send(encodePacket(packet)),
    ping: () => link.ping('hold'),
    close,
  }
}

async function openLink({request, handshake, cookies}: PollingSession, trace: Trace): Promise<WebSocketLink> {
  const socket = await dial(dialAddress(request), request.target, quiet(trace))
  const headers = {...request.headers, ...cookies.header()}
  const url = engineUrl(request, 'websocket', handshake.sid)
  return openWebSocket({url, socket, headers, refused: (answer) => upgradeRefused(answer, url)}, trace)
}

/** The session is there already, so what is refused now is the upgrade, unless the answer names a better cause. */
function upgradeRefused(answer: HttpAnswer, url: URL): ProbeFailure {
  const failure = engineFailure(answer, 'websocket', url)
  if (failure.code !== 'upgrade_refused' && failure.code !== 'not_engineio') return failure
  return new ProbeFailure('upgrade_dropped', `polling passes and the upgrade does not: ${failure.message}`, {
    hint: 'a proxy on the way drops the Upgrade header, or leads WebSockets elsewhere',
  })
}

async function probe(link: WebSocketLink, signal: AbortSignal): Promise<void> {
  const ping: EnginePacket = {type: 'ping', data: 'probe'}
  link.send(encodePacket(ping))
  const frame = await link.frames.take(signal)
  if (frame.data === encodePacket({type: 'pong', data: 'probe'})) return
  throw new ProbeFailure('upgrade_failed', `expected the answer to the upgrade's probe, got "${excerpt(frame.data)}"`)
}
