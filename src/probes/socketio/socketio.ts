import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {describeExpectation, describeInstead, meetValue} from '../../dialect/expectation.ts'
import type {Received} from '../../dialect/message.ts'
import type {Attempt, Target, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {socketIoAddress, type SocketIoOptions} from './options.ts'
import {openSocketIo, type Session} from './session.ts'
import {transportOf} from './transport-of.ts'
import {within} from '../within.ts'

/** Opens a session, connects the namespace, and has an event acknowledged if one is given. */
export const socketio: Attempt<SocketIoOptions> = async (target, options, trace) => {
  const startedAt = trace.now()
  const session = await open(target, options, trace)
  try {
    trace.event({indicator: 'socketio_handshake', ok: true, value: trace.now() - startedAt})
    if (options.emit) await acknowledged(session, options.emit, trace)
    else trace.skip('ack', 'no event to emit')
  } finally {
    await session.close()
  }
}

async function open(target: Target, options: SocketIoOptions, trace: Trace): Promise<Session> {
  const transport = transportOf(options, () => Math.random())
  const request = {
    address: socketIoAddress.parse(target.address),
    target,
    transport,
    headers: requestHeaders({headers: transport.headers, auth: options.auth}, trace),
    connection: options,
    namespace: transport.namespace,
    auth: transport.auth,
  }
  if (options.client === 'own') return openSocketIo(request, trace)
  const {openOfficial} = await import('./official.ts')
  return openOfficial(request, trace)
}

async function acknowledged(
  session: Session,
  {event, args, ack, within: ms}: NonNullable<SocketIoOptions['emit']>,
  trace: Trace,
): Promise<void> {
  trace.phase('ack')
  const expected = {...ack, take: {}}
  const wanted = `an acknowledgement of "${event}"${describeExpectation(expected).replace(/^a message/, '')}`
  const came: Received[] = []
  const unmet = () =>
    new ProbeFailure('expectation_unmet', `expected ${wanted} within ${formatMs(ms)}, got ${describeInstead(came)}`, {
      hint: 'Socket.IO acknowledges an event only if a handler of the server calls back',
    })
  session.send({kind: 'event', event, value: args, ack: 0})
  await within({ms, signal: trace.signal, reason: unmet}, async (signal) => {
    for (;;) {
      const {message} = await session.messages.take(signal)
      came.push(message)
      if (message.kind !== 'ack' || message.ack !== 0) continue
      if (meetValue(message.value, expected, () => undefined)) return
      throw new ProbeFailure('expectation_unmet', `expected ${wanted}, got ${describeInstead([message])}`)
    }
  })
}
