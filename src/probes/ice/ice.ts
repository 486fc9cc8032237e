import {ProbeFailure} from '../../core/errors.ts'
import type {Attempt, Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {hostPort, parseTurnUri} from '../stun/uri.ts'
import {allocate, type AllocateOptions} from '../turn/allocate.ts'
import {credentialsFor} from '../turn/credentials.ts'
import {introduce} from '../turn/introduce.ts'
import {connect} from './connect.ts'
import {echo} from './echo.ts'
import {withoutLeftoverTimers} from './engine-timers.ts'
import type {IceOptions} from './options.ts'
import type {Relays} from './peers.ts'

/** Two WebRTC peers of our own that reach each other through a TURN server and by no other way. */
export const ice: Attempt<IceOptions> = (target, options, trace) =>
  withoutLeftoverTimers(() => attempt(target, options, trace))

async function attempt({address, family}: Target, options: IceOptions, trace: Trace): Promise<void> {
  const {credentials: source, messages, interval, connectTimeout, handshakeTimeout, connectTo, ...tls} = options
  const credentials = source && credentialsFor(source, trace)
  const server: AllocateOptions = {server: parseTurnUri(address), tls, connectTo, credentials, ...(family && {family})}

  const near = await allocate(server, trace)
  const open = [near]
  try {
    const far = await secondAllocation(server, trace)
    open.push(far)
    const relays = {near, far}
    await bringTogether(relays, trace)
    const watched = {...trace, signal: AbortSignal.any([trace.signal, lossOf(relays)])}
    const plan = {relays, iceTimeoutMs: connectTimeout, handshakeTimeoutMs: handshakeTimeout}
    const session = await connect(plan, watched)
    try {
      trace.phase('echo')
      await echo(session, {messages, intervalMs: interval}, watched)
      trace.tidyUp('release') // not in `finally`: what failed before stays the phase that failed
    } finally {
      await session.close()
    }
  } finally {
    await Promise.all(open.map((allocation) => allocation.release()))
  }
}

/** The other peer's. Its time counts in the phase `allocate`. */
async function secondAllocation(server: AllocateOptions, trace: Trace): Promise<Relays['far']> {
  try {
    return await allocate(server, quiet(trace))
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    throw new ProbeFailure(error.code, `the second peer has no relay: ${error.message}`, {
      cause: error,
      hint: error.hint ?? 'this probe holds two allocations at a time',
    })
  }
}

async function bringTogether({near, far}: Relays, trace: Trace): Promise<void> {
  for (const [name, {relayed}] of [
    ['near', near],
    ['far', far],
  ] as const) {
    trace.fact(`relayed_address_${name}`, hostPort(relayed.address, relayed.port))
  }
  const introduction = await introduce(near, far, trace)
  if (!('refused' in introduction)) return
  throw new ProbeFailure(
    'ice_failed',
    `no candidate pair can work: the server keeps its relays apart (${introduction.refused})`,
    {
      hint: "two clients behind this server's relays will not reach each other: look at its denied and allowed peers",
    },
  )
}

/** Aborts when the server closes a connection or its port, with that as the reason. */
function lossOf({near, far}: Relays): AbortSignal {
  const loss = new AbortController()
  for (const allocation of [near, far]) allocation.onEnd((reason) => loss.abort(reason))
  return loss.signal
}
