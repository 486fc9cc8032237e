import {silentTrace} from '../../probes/quiet-trace.ts'
import type {Target} from '../../probes/probe.ts'
import {allocate} from '../../probes/turn/allocate.ts'
import type {Allocation} from '../../probes/turn/allocation.ts'
import type {TurnOptions} from '../../probes/turn/options.ts'
import {serverOf} from '../../probes/turn/server-of.ts'

/** The TURN server of a drill, and how it is spoken to. Holds credentials. */
export interface RelayServer {
  readonly target: Target
  readonly options: TurnOptions
}

/** A call as its relay sees it: two allocations, each with a channel to the other. */
export interface Call {
  readonly near: Allocation
  readonly far: Allocation
  /** Of the far end, as messages of the near end name it; and the reverse. */
  readonly toFar: number
  readonly toNear: number
  /** Gives both allocations back. Never rejects. */
  release(): Promise<void>
}

export type CallStage = 'dial' | 'connect' | 'challenge' | 'allocate' | 'permission' | 'channel'

export interface CallListener {
  /** So many ends came so far. */
  reached(stage: CallStage, ends: number): void
  /** One end has its relayed address, so many milliseconds after its first request. */
  allocated(ms: number): void
}

/** Sets a call up. Rejects with the first failure, and leaves nothing allocated then. */
export async function openCall(
  {target, options}: RelayServer,
  listener: CallListener,
  signal: AbortSignal,
): Promise<Call> {
  const server = serverOf(target, options, silentTrace(signal))
  const open: Allocation[] = []
  const release = async () => {
    await Promise.all(open.map((allocation) => allocation.release()))
  }
  const end = async (at: Partial<Allocation['at']>) => {
    const allocation = await allocateOne({...server, ...at}, listener, signal)
    open.push(allocation)
    return allocation
  }
  try {
    const near = await end({})
    const far = await end(near.at) // a name may stand for many servers
    await Promise.all([near.permit(far.relayed), far.permit(near.relayed)])
    listener.reached('permission', 2)
    const [toFar, toNear] = await Promise.all([near.bindChannel(far.relayed), far.bindChannel(near.relayed)])
    listener.reached('channel', 2)
    return {near, far, toFar, toNear, release}
  } catch (error) {
    await release()
    throw error
  }
}

/** Binding a channel anew renews the permission as well (RFC 8656, section 12.1). */
export async function renew({near, far}: Call): Promise<void> {
  await Promise.all([near.bindChannel(far.relayed), far.bindChannel(near.relayed)])
}

async function allocateOne(
  server: Parameters<typeof allocate>[0],
  listener: CallListener,
  signal: AbortSignal,
): Promise<Allocation> {
  const passed = new Set<CallStage>()
  const reach = (stage: CallStage) => {
    if (!passed.has(stage)) listener.reached(stage, 1) // some are passed again, as from another port
    passed.add(stage)
  }
  reach('dial')
  const phase = (name: string) => {
    if (name === 'challenge') reach('connect')
    if (name === 'allocate') reach('challenge')
  }
  const allocation = await allocate(server, {...silentTrace(signal), phase})
  reach('challenge') // an open relay asks nobody
  reach('allocate')
  listener.allocated(allocation.allocatedInMs)
  return allocation
}
