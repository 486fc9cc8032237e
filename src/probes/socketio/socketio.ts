import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {meetConditions} from '../../dialect/conditions.ts'
import {describeExpectation, describeInstead} from '../../dialect/expectation.ts'
import type {Received} from '../../dialect/message.ts'
import {followingRedirects} from '../following-redirects.ts'
import type {Attempt, Target, Trace} from '../probe.ts'
import {hold, type Holdable} from '../hold.ts'
import {quiet} from '../quiet-trace.ts'
import {requestHeaders} from '../request-options.ts'
import {socketIoAddress, type SocketIoOptions} from './options.ts'
import {openSocketIo, type Session} from './session.ts'
import {addressOf} from '../url-address.ts'
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
    if (options.hold !== undefined)
      await holdBeside(session, () => open(target, options, quiet(trace)), {options, trace})
  } finally {
    await session.close()
  }
}

async function open(target: Target, options: SocketIoOptions, trace: Trace): Promise<Session> {
  const transport = transportOf(options, () => Math.random())
  const {url} = socketIoAddress.parse(target.address)
  const request = {
    url,
    target,
    transport,
    headers: requestHeaders({headers: transport.headers, auth: options.auth}, trace),
    connection: options,
    namespace: transport.namespace,
    auth: transport.auth,
  }
  if (options.client === 'own') {
    return followingRedirects({request, limit: options.redirects}, trace, ({url, ...next}) =>
      openSocketIo({...next, address: addressOf(base(url))}, trace),
    )
  }
  const {openOfficial} = await import('./official.ts')
  return openOfficial({...request, address: addressOf(url)}, trace)
}

/** The server's address in the URL of one of its requests. */
function base(url: URL): URL {
  const address = new URL(url)
  for (const name of ['EIO', 'transport', 'sid', 't']) address.searchParams.delete(name)
  return address
}

/** Holds it, silent but for the heartbeats of the protocol, and a second one that talks. */
async function holdBeside(
  session: Session,
  openTalking: () => Promise<Session>,
  {options, trace}: {options: SocketIoOptions; trace: Trace},
): Promise<void> {
  trace.phase('hold')
  const talking = await openTalking()
  try {
    await hold({silent: holdable(session), talking: holdable(talking)}, options, trace)
  } finally {
    await talking.close()
  }
}

function holdable({messages, heartbeat}: Session): Holdable {
  if (heartbeat) return {...heartbeat, ended: (signal) => messages.drain(signal)}
  throw new ProbeFailure('unsupported', 'the official client does not tell its heartbeats', {
    hint: 'hold with our own client',
  })
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
      if (meetConditions(message.value, expected, () => undefined)) return
      throw new ProbeFailure('expectation_unmet', `expected ${wanted}, got ${describeInstead([message])}`)
    }
  })
}
