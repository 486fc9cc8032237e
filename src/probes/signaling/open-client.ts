import {ProbeFailure} from '../../core/errors.ts'
import type {Json} from '../../core/json.ts'
import {lookupOf, type Conversation} from '../../dialect/conversation-state.ts'
import {fillTransport} from '../../dialect/fill-transport.ts'
import type {Side} from '../../dialect/plan.ts'
import {fill, UnsetValue} from '../../dialect/template.ts'
import type {Target, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {openSocketIo, type Session} from '../socketio/session.ts'
import {signalingAddress, type SignalingOptions} from './options.ts'
import {openPlain} from './plain-session.ts'

interface ClientSettings {
  readonly state: Conversation
  readonly side: Side
  readonly options: SignalingOptions
}

/** Connects one client as its dialect says. What is said of the transport may hold the values that it has. */
export async function openClient(settings: ClientSettings, target: Target, trace: Trace): Promise<Session> {
  const {options} = settings
  const {transport, payload} = filled(settings)
  const common = {
    address: signalingAddress.parse(target.address),
    target,
    headers: requestHeaders({headers: {...transport.headers, ...options.headers}, auth: options.auth}, trace),
    connection: options,
  }
  if (transport.kind === 'ws') return openPlain({...common, transport, close: options.dialect.close}, trace)
  const request = {...common, transport, namespace: transport.namespace, auth: payload ?? transport.auth}
  if (options.client === 'own') return openSocketIo(request, trace)
  const {openOfficial} = await import('../socketio/official.ts')
  return openOfficial(request, trace)
}

function filled({state, side, options: {dialect, payload}}: ClientSettings): {
  transport: SignalingOptions['dialect']['transport']
  payload: Json | undefined
} {
  const lookup = lookupOf(state, side)
  try {
    return {transport: fillTransport(dialect.transport, lookup), payload: payload && fill(payload, lookup)}
  } catch (error) {
    if (!(error instanceof UnsetValue)) throw error
    throw new ProbeFailure('unsupported', 'the payload has a name in braces that nothing has set', {
      hint: 'braces that are meant are doubled: {{name}}',
    })
  }
}
