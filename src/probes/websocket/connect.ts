import {dialling} from '../connection-options.ts'
import {dial} from '../dial.ts'
import type {HttpAnswer} from '../http-answer.ts'
import {causeOfCut} from '../cut-cause.ts'
import type {Trace} from '../probe.ts'
import {addressOf} from '../url-address.ts'
import type {WebSocketLink} from './link.ts'
import type {Asked} from './look.ts'
import {openWebSocket, type Upgrade} from './open.ts'
import {refusal} from './refusal.ts'

export interface ConnectSettings extends Pick<Upgrade, 'maxPayloadBytes' | 'perMessageDeflate'> {
  /** The name of the phase of the upgrade. */
  readonly phase: string
}

/** A WebSocket at an address, in the phases `resolve`, `connect`, `tls` and the named one. What refuses it is named. */
export async function connectWebSocket(
  asked: Asked,
  {phase, ...limits}: ConnectSettings,
  trace: Trace,
): Promise<WebSocketLink> {
  const {url, target, headers, subprotocols = [], connection} = asked
  const socket = await dial(dialling(addressOf(url), connection), target, trace)
  trace.phase(phase)
  const sentAt = trace.now()
  const refused = (answer: HttpAnswer) => refusal({answer, waitedMs: trace.now() - sentAt}, asked, trace)
  const upgrade = {...limits, socket, url, headers: {host: url.host, ...headers}, subprotocols, refused}
  try {
    return await openWebSocket(upgrade, trace)
  } catch (error) {
    throw await causeOfCut(error, asked, trace)
  }
}
