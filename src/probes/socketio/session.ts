import {ProbeFailure} from '../../core/errors.ts'
import type {Json} from '../../core/json.ts'
import type {Values} from '../../dialect/expectation.ts'
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
import {openEngine, type Engine} from './engine.ts'
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
  send(message: Sent): void
  /** Ends in bounded time, whatever the server does. */
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
  const receive = ({packet, at}: Awaited<ReturnType<typeof engine.packets.take>>) => {
    try {
      apply(receivePacket(current, packet), at)
    } catch (error) {
      messages.end(error instanceof Malformed ? new ProbeFailure('protocol_error', error.message) : (error as Error))
    }
  }

  apply(connectSession(namespace, auth), 0)
  while (sid === undefined) {
    receive(await taken(engine, signal))
    if (messages.error) throw messages.error
  }
  engine.packets.listen({item: receive, ended: (error) => messages.end(error)})
  return {
    values: {sid},
    messages,
    send(message) {
      if (message.kind !== 'event') throw new Error(`Socket.IO cannot send a message of kind ${message.kind}`)
      engine.send(packetOf(current, message))
    },
    async close() {
      if (!engine.packets.error) engine.send(disconnectPacket(current))
      await engine.close()
    },
  }
}

/** A server that hangs up instead of connecting the namespace has a reason that it does not tell. */
async function taken(engine: Engine, signal: AbortSignal): Promise<Awaited<ReturnType<typeof engine.packets.take>>> {
  try {
    return await engine.packets.take(signal)
  } catch (error) {
    if (!(error instanceof ProbeFailure) || !/^closed(_early)?$/.test(error.code)) throw error
    throw new ProbeFailure('closed_early', `expected the namespace to be connected, but ${error.message}`, {
      cause: error,
      hint: 'does the server use another parser, or hang up on this origin?',
    })
  }
}
