import type {Conversation} from '../../dialect/conversation-state.ts'
import {sidesOf, type Side} from '../../dialect/plan.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import type {Session} from '../socketio/session.ts'
import type {FrameLog} from './frame-log.ts'
import {openClient} from './open-client.ts'
import type {SignalingOptions} from './options.ts'

export type Sessions = ReadonlyMap<Side, Session>

/**
 * Connects all clients side by side, before anything is said, so that no handshake falls into a measurement. The
 * phases are those of client A; what B takes longer belongs to `open`. If one fails, the others are closed.
 */
export async function openClients(
  {state, options, log}: {state: Conversation; options: SignalingOptions; log: FrameLog},
  target: Target,
  trace: Trace,
): Promise<Sessions> {
  const stop = new AbortController()
  const signal = AbortSignal.any([trace.signal, stop.signal])
  const sides = sidesOf(options.dialect)
  const opening = sides.map(async (side) => {
    try {
      const wire = log.wire(side)
      const own = {...traceOf(side, trace), signal, ...(wire && {wire})}
      return [side, await openClient({state, side, options}, target, own)] as const
    } catch (error) {
      stop.abort(error)
      throw error
    }
  })
  const settled = await Promise.allSettled(opening)
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (opened.length === sides.length) return new Map(opened)
  await Promise.all(opened.map(([, session]) => session.close()))
  throw trace.signal.aborted ? trace.signal.reason : stop.signal.reason
}

/** Everything after the connection itself is one phase here. */
function traceOf(side: Side, trace: Trace): Trace {
  if (side === 'b') return quiet(trace)
  return {
    ...trace,
    phase: (name) => trace.phase(['resolve', 'connect', 'tls'].includes(name) ? name : 'open'),
    skip: (name, why) => {
      if (name !== 'upgrade' && name !== 'namespace') trace.skip(name, why)
    },
  }
}
