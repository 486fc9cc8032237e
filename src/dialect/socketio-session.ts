import type {FailureCode} from '../core/failure.ts'
import type {Json} from '../core/json.ts'
import {attach} from './attachments.ts'
import {beginning} from './beginning.ts'
import type {EnginePacket} from './engineio.ts'
import {Malformed} from './malformed.ts'
import type {Received, Sent} from './message.ts'
import {decodeSocketPacket, encodeSocketPacket, type DecodedPacket, type SocketPacket} from './socketio.ts'

/** One namespace of one Engine.IO connection, without I/O: packets in, packets and messages out. */
export interface SocketSession {
  readonly namespace: string
  readonly connected: boolean
  /** A packet whose binary frames are still to come. */
  readonly partial?: DecodedPacket & {readonly received: readonly Uint8Array[]}
}

export type SessionOutput =
  | {readonly kind: 'send'; readonly packet: EnginePacket}
  | {readonly kind: 'connected'; readonly sid: string}
  | {readonly kind: 'message'; readonly message: Received}
  | {readonly kind: 'ended'; readonly code: FailureCode; readonly message: string; readonly hint?: string}

export interface SessionStep {
  readonly session: SocketSession
  readonly outputs: readonly SessionOutput[]
}

/** Asks for the namespace. */
export function connectSession(namespace: string, auth?: Json): SessionStep {
  const packet = {type: 'connect', namespace, ...(auth !== undefined && {data: auth})} as const
  return {session: {namespace, connected: false}, outputs: [{kind: 'send', packet: messagePacket(packet)}]}
}

/** Takes one Engine.IO packet. Heartbeats are answered here. Throws Malformed. */
export function receivePacket(session: SocketSession, packet: EnginePacket): SessionStep {
  switch (packet.type) {
    case 'ping':
      return {session, outputs: [{kind: 'send', packet: {type: 'pong', data: packet.data}}]}
    case 'close':
      return ended(session, 'closed', 'the server closed the Engine.IO session')
    case 'message':
      return typeof packet.data === 'string' ? receiveText(session, packet.data) : receiveBytes(session, packet.data)
    case 'open':
    case 'pong':
    case 'upgrade':
    case 'noop':
      return {session, outputs: []}
  }
}

/** The Engine.IO packet of a message: an event, or the acknowledgement of one. */
export function packetOf({namespace}: SocketSession, message: Extract<Sent, {kind: 'event' | 'ack'}>): EnginePacket {
  if (message.kind === 'ack') return messagePacket({type: 'ack', namespace, id: message.ack, args: message.value})
  const {event, value, ack} = message
  return messagePacket({type: 'event', namespace, event, args: value, ...(ack !== undefined && {id: ack})})
}

/** The Engine.IO packet that leaves the namespace. */
export function disconnectPacket({namespace}: SocketSession): EnginePacket {
  return messagePacket({type: 'disconnect', namespace})
}

function receiveText(session: SocketSession, text: string): SessionStep {
  const decoded = decodeSocketPacket(text)
  if (decoded.attachments > 0) return {session: {...session, partial: {...decoded, received: []}}, outputs: []}
  return receive(session, decoded.packet)
}

function receiveBytes({partial, ...session}: SocketSession, bytes: Uint8Array): SessionStep {
  if (!partial) throw new Malformed('a packet that announces its binary attachments', `${bytes.length} bytes`)
  const received = [...partial.received, bytes]
  if (received.length < partial.attachments)
    return {session: {...session, partial: {...partial, received}}, outputs: []}
  return receive(session, attach(partial.packet, received))
}

function receive(session: SocketSession, packet: SocketPacket): SessionStep {
  if (packet.namespace !== session.namespace && packet.type !== 'connect') return {session, outputs: []}
  switch (packet.type) {
    case 'connect':
      return connected(session, packet)
    case 'connect_error':
      return refused(session, packet.data)
    case 'disconnect':
      return ended(session, 'closed', `the server disconnected the namespace ${session.namespace}`)
    case 'event':
      return message(session, {
        kind: 'event',
        event: packet.event,
        value: packet.args,
        ...(packet.id !== undefined && {ack: packet.id}),
      })
    case 'ack':
      return message(session, {kind: 'ack', ack: packet.id, value: packet.args})
  }
}

/** Socket.IO 2 connects the default namespace unasked, and tells no id. */
function connected(session: SocketSession, {namespace, data}: Extract<SocketPacket, {type: 'connect'}>): SessionStep {
  const {sid} = (typeof data === 'object' ? (data ?? {}) : {}) as Readonly<Record<string, Json>>
  if (typeof sid !== 'string') {
    const hint = 'the server is Socket.IO 2 or older; this prober speaks protocol 5 (Socket.IO 3 and 4)'
    return ended(session, 'engineio_version', `expected a Socket.IO id, got none in the connect packet`, hint)
  }
  if (namespace !== session.namespace) return {session, outputs: []}
  return {session: connectedTo(namespace), outputs: [{kind: 'connected', sid}]}
}

/** They never change, so all of a namespace share one: a drill has tens of thousands. */
const connectedSessions = new Map<string, SocketSession>()

function connectedTo(namespace: string): SocketSession {
  const session = connectedSessions.get(namespace) ?? {namespace, connected: true}
  connectedSessions.set(namespace, session)
  return session
}

function refused(session: SocketSession, data: Json): SessionStep {
  const {message, data: detail} = (typeof data === 'object' ? (data ?? {}) : {message: data}) as Partial<
    Record<string, Json>
  >
  const text = typeof message === 'string' ? message : JSON.stringify(data)
  if (text === 'Invalid namespace') {
    return ended(session, 'namespace_invalid', `the server has no namespace ${session.namespace}`)
  }
  const shown = detail === undefined ? '' : ` (data: ${beginning(JSON.stringify(detail))})`
  const hint = 'a middleware of the server refused the connection: look at the auth payload, headers and query'
  return ended(
    session,
    'connect_error',
    `the server refused the namespace ${session.namespace}: ${beginning(text)}${shown}`,
    hint,
  )
}

function message(session: SocketSession, received: Received): SessionStep {
  return {session, outputs: session.connected ? [{kind: 'message', message: received}] : []}
}

function messagePacket(packet: SocketPacket): EnginePacket {
  return {type: 'message', data: encodeSocketPacket(packet)}
}

// eslint-disable-next-line max-params -- the hint is optional, and an object for the four would say no more
function ended(session: SocketSession, code: FailureCode, text: string, hint?: string): SessionStep {
  return {session, outputs: [{kind: 'ended', code, message: text, ...(hint !== undefined && {hint})}]}
}
