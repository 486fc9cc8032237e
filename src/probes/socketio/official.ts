import {io, type Socket} from 'socket.io-client'
import {ProbeFailure} from '../../core/errors.ts'
import type {Json} from '../../core/json.ts'
import {toProbeFailure} from '../classify.ts'
import {excerpt} from '../excerpt.ts'
import {Inlet} from '../inlet.ts'
import type {Trace} from '../probe.ts'
import type {ArrivedMessage, Session, SessionRequest} from './session.ts'

/** The same session by the protocol's own client, which tells no phases: everything up to the namespace is `open`. */
export async function openOfficial(request: SessionRequest, trace: Trace): Promise<Session> {
  refuseWhatItIgnores(request)
  for (const phase of ['resolve', 'connect', 'tls', 'upgrade', 'namespace'])
    trace.skip(phase, 'the official client does not tell')
  trace.phase('open')
  const {address, transport, namespace, headers, connection, auth} = request
  const socket = io(`${address.url.origin}${namespace}`, {
    path: address.url.pathname === '/' ? transport.path : address.url.pathname,
    query: {...Object.fromEntries(address.url.searchParams), ...transport.query},
    transports: [...transport.transports],
    extraHeaders: {...headers},
    auth: (auth ?? {}) as Record<string, Json>,
    reconnection: false,
    forceNew: true,
    ...(connection.ca !== undefined && {ca: connection.ca}),
    ...(connection.cert !== undefined && {cert: connection.cert}),
    ...(connection.key !== undefined && {key: connection.key}),
    rejectUnauthorized: !connection.insecure,
  })
  const messages = new Inlet<ArrivedMessage>()
  const owed = new Map<number, (...args: Json[]) => void>()
  socket.onAny((event: string, ...args: (Json | Acknowledge)[]) => {
    const at = trace.now()
    const acknowledge = args.at(-1)
    if (typeof acknowledge !== 'function') {
      messages.put({message: {kind: 'event', event, value: args as Json[]}, at})
      return
    }
    const ack = owed.size
    owed.set(ack, acknowledge)
    messages.put({message: {kind: 'event', event, value: args.slice(0, -1) as Json[], ack}, at})
  })
  socket.on('disconnect', (reason) => messages.end(new ProbeFailure('closed', `disconnected: ${reason}`)))
  try {
    await connected(socket, trace.signal)
  } catch (error) {
    socket.close()
    throw error
  }
  trace.fact('transport', socket.io.engine.transport.name)
  return {
    values: {sid: socket.id ?? ''},
    messages,
    send(message) {
      if (message.kind === 'ack') {
        owed.get(message.ack)?.(...message.value)
        return
      }
      if (message.kind !== 'event') throw new Error(`Socket.IO cannot send a message of kind ${message.kind}`)
      const {event, value, ack} = message
      if (ack === undefined) socket.emit(event, ...value)
      else {
        socket.emit(event, ...value, (...args: Json[]) => {
          const at = trace.now()
          messages.put({message: {kind: 'ack', ack, value: args}, at})
        })
      }
    },
    close() {
      socket.close()
      return Promise.resolve()
    },
  }
}

/** What the client hands to a handler where the server wants to know that an event arrived. */
type Acknowledge = (...args: Json[]) => void

function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', onAbort)
      then()
    }
    socket.once('connect', () => settle(resolve))
    socket.once('connect_error', (error) => settle(() => reject(refused(error))))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, {once: true})
  })
}

/** The client says "websocket error" of everything below it, and hides the cause two levels down. */
function refused(error: Error & {data?: unknown; description?: unknown}): ProbeFailure {
  const {error: cause} = (error.description ?? {}) as {error?: unknown}
  const known = toProbeFailure(cause)
  if (known) return known
  const why = error.data === undefined ? cause instanceof Error && cause.message : JSON.stringify(error.data)
  const message = `the official client could not connect: ${excerpt(error.message)}${why ? ` (${excerpt(why)})` : ''}`
  return new ProbeFailure('connect_error', message, {cause: error})
}

/** engine.io-client passes none of them on to every transport: what it would report is not what was asked for. */
function refuseWhatItIgnores({target, connection}: SessionRequest): void {
  const ignored = [
    target.family !== undefined && 'one address family',
    connection.servername !== undefined && 'a server name',
    connection.connectTo !== undefined && 'one node',
    connection.proxy !== undefined && 'a proxy',
  ].find((what) => what !== false)
  if (ignored === undefined) return
  throw new ProbeFailure('unsupported', `the official client cannot be held to ${ignored}`, {
    hint: 'use our own client',
  })
}
