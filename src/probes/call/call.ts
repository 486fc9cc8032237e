import type {Attempt, Target, Trace} from '../probe.ts'
import {lead} from '../signaling/lead.ts'
import {withoutLeftoverTimers} from '../webrtc/engine-timers.ts'
import {prepareEngine} from '../webrtc/peer.ts'
import {blockingAbove} from './blocking-above.ts'
import {CallSession} from './call-session.ts'
import type {CallOptions} from './options.ts'

/** A call has none of its own. */
const NO_ROUND_TRIPS = {count: 1, interval: 1, roundTripTimeout: 1} as const

/** Two clients of ours who call each other as two users would: every layer is the real one. */
export async function loadCall(): Promise<Attempt<CallOptions>> {
  await prepareEngine()
  return (target, options, trace) =>
    withoutLeftoverTimers(() => blockingAbove(trace, (watched) => attempt(target, options, watched)))
}

async function attempt(target: Target, options: CallOptions, trace: Trace): Promise<void> {
  const session = new CallSession(options, target, trace)
  try {
    const settings = {options: {...options, ...NO_ROUND_TRIPS}, purpose: 'call'} as const
    await lead({...settings, media: (side) => session.media[side], call: () => session.converse()}, target, trace)
    trace.tidyUp('release') // not in `finally`: what failed before stays the phase that failed
  } finally {
    await session.close()
  }
}
