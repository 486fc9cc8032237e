import type {Json} from '../../core/json.ts'
import {lookupOf, type Conversation} from '../../dialect/conversation-state.ts'
import type {Side} from '../../dialect/plan.ts'
import {asText, fill} from '../../dialect/template.ts'
import type {Target, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {openSocketIo, type Session} from '../socketio/session.ts'
import {signalingAddress, type SignalingOptions} from './options.ts'
import {openPlain} from './plain-session.ts'

/** Connects one client as its dialect says. What is said of the transport may hold the client's fresh ids. */
export async function openClient(
  {state, side, options}: {state: Conversation; side: Side; options: SignalingOptions},
  target: Target,
  trace: Trace,
): Promise<Session> {
  const {transport} = options.dialect
  const lookup = lookupOf(state, side)
  const filled = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, asText(fill(text, lookup))]))
  const common = {
    address: signalingAddress.parse(target.address),
    target,
    headers: requestHeaders({headers: {...filled(transport.headers), ...options.headers}, auth: options.auth}, trace),
    tls: options,
  }
  if (transport.kind === 'ws') {
    return openPlain({...common, transport: {...transport, query: filled(transport.query)}}, trace)
  }
  const payload: Json | undefined = options.payload ?? transport.auth
  const request = {
    ...common,
    transport: {...transport, query: filled(transport.query)},
    namespace: transport.namespace,
    auth: payload === undefined ? undefined : fill(payload, lookup),
  }
  if (options.client === 'own') return openSocketIo(request, trace)
  const {openOfficial} = await import('../socketio/official.ts')
  return openOfficial(request, trace)
}
