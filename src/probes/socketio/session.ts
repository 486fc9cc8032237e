import {ProbeFailure} from '../../core/errors.ts'
import type {Json} from '../../core/json.ts'
import type {Values} from '../../dialect/conditions.ts'
import {Malformed} from '../../dialect/malformed.ts'
import type {Received, Sent} from '../../dialect/message.ts'
import {
  connectSession,
  disconnectPacket,
  packetOf,
  receivePacket,
  type SessionOutput,
  type SessionStep,
} from '../../dialect/socketio-session.ts'
import type {Trace} from '../probe.ts'
import type {Holdable} from '../hold.ts'
import {openEngine, type ArrivedPacket, type Engine} from './engine.ts'
import type {EngineRequest} from './engine-request.ts'
import {Inlet} from '../inlet.ts'

/** A message with the time at which the socket had it. */
export interface ArrivedMessage {
  readonly message: Received
  readonly at: number
}

/** A connection over which messages of a dialect go, whatever carries them. */
export interface Session {
  /** What the connection itself tells: `sid`. */
  readonly values: Values
  readonly messages: Inlet<ArrivedMessage>
  /** How to see that the other end is there while nothing is said; absent where that cannot be told. */
  readonly heartbeat?: Omit<Holdable, 'ended'>
  send(message: Sent): void
  /** Says goodbye as the protocol does. Ends in bounded time, whatever the server does. */
  close(): Promise<void>
}

export interface SessionRequest extends EngineRequest {
  readonly namespace: string
  readonly auth?: Json | undefined
}

/** Opens an Engine.IO session and connects a namespace, in the phases of `openEngine` and then `namespace`. */
export async function openSocketIo(request: SessionRequest, trace: Trace): Promise<Session> {
  const engine = await openEngine(request, trace)
  try {
    trace.phase('namespace')
    return await connect(engine, request, trace)
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function connect(engine: Engine, {namespace, auth}: SessionRequest, {signal}: Trace): Promise<Session> {
  const messages = new Inlet<ArrivedMessage>()
  let current = connectSession(namespace, auth).session
  let sid: string | undefined
  let heardAt = 0
  const perform = (output: SessionOutput, at: number) => {
    switch (output.kind) {
      case 'send':
        engine.send(output.packet)
        break
      case 'connected':
        sid = output.sid
        break
      case 'message':
        messages.put({message: output.message, at})
        break
      case 'ended':
        messages.end(
          new ProbeFailure(output.code, output.message, output.hint === undefined ? {} : {hint: output.hint}),
        )
    }
  }
  const apply = ({session, outputs}: SessionStep, at: number) => {
    current = session
    for (const output of outputs) perform(output, at)
  }
  const receive = ({packet, at}: ArrivedPacket) => {
    heardAt = at
    try {
      apply(receivePacket(current, packet), at)
    } catch (error) {
      messages.end(error instanceof Malformed ? new ProbeFailure('protocol_error', error.message) : (error as Error))
    }
  }

  apply(connectSession(namespace, auth), 0)
  while (sid === undefined) {
    receive(await taken(engine, signal))
    if (messages.error) throw hungUp(messages.error)
  }
  engine.packets.listen({item: receive, ended: (error) => messages.end(error)})
  return {
    values: {sid},
    messages,
    heartbeat: {
      heardAt: () => heardAt,
      ping: engine.ping,
      heartbeatMs: engine.handshake.pingIntervalMs + engine.handshake.pingTimeoutMs,
    },
    send(message) {
      if (message.kind !== 'event' && message.kind !== 'ack')
        throw new Error(`Socket.IO cannot send a message of kind ${message.kind}`)
      engine.send(packetOf(current, message))
    },
    async close() {
      if (!engine.packets.error) engine.send(disconnectPacket(current))
      await engine.close()
    },
  }
}

/**
 * The next packet on the way to the namespace. A server that hangs up instead has a reason that it may not tell: one
 * whose parser is another does so at once, without a word. One that says nothing may know no namespaces at all.
 */
async function taken(engine: Engine, signal: AbortSignal): Promise<ArrivedPacket> {
  try {
    return await engine.packets.take(signal)
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw unanswered(error)
    throw hungUp(error)
  }
}

function hungUp(error: unknown): unknown {
  if (!(error instanceof ProbeFailure) || !/^closed(_early)?$/.test(error.code)) return error
  const told = /"|\b(100[1-46-9]|101[0-4]|[34]\d{3})\b/.test(error.message)
  const message = `expected the namespace to be connected, but ${error.message}`
  if (told) return new ProbeFailure('closed_early', message, {cause: error, ...(error.hint && {hint: error.hint})})
  return new ProbeFailure('parser_mismatch', message, {
    cause: error,
    hint:
      'it does not read our packets: does it use another parser (socket.io-msgpack-parser)? Then its handshake and ping ' +
      'frames are left, by the dialect websocket-ping. Or does it hang up on this origin?',
  })
}

function unanswered(reason: unknown): unknown {
  if (!(reason instanceof ProbeFailure) || reason.code !== 'timeout') return reason
  return new ProbeFailure('not_socketio', `Engine.IO answers, Socket.IO does not: ${reason.message}`, {
    cause: reason,
    hint: 'is it a bare Engine.IO server (make it a websocket check), or a middleware that never calls next()?',
  })
}
