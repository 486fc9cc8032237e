import type {Attempt, Target, Trace} from '../probe.ts'
import {echo} from '../webrtc/echo.ts'
import {closeEnds} from '../webrtc/ends.ts'
import {holdOpen, watchConsent} from '../webrtc/consent.ts'
import {withoutLeftoverTimers} from '../webrtc/engine-timers.ts'
import {openSources} from '../webrtc/sources.ts'
import {connect} from './connect.ts'
import type {IceOptions} from './options.ts'

/** Two WebRTC peers of our own that reach each other by the ways that the policy leaves them. */
export const ice: Attempt<IceOptions> = (target, options, trace) =>
  withoutLeftoverTimers(() => attempt(target, options, trace))

async function attempt(target: Target, options: IceOptions, trace: Trace): Promise<void> {
  const {connectTimeout, handshakeTimeout, messages, interval, hold, consentTimeout} = options
  const sources = await openSources(options, target, trace)
  try {
    const watched = {...trace, signal: AbortSignal.any([trace.signal, sources.lost])}
    const limits = {iceTimeoutMs: connectTimeout, handshakeTimeoutMs: handshakeTimeout}
    const {ends, channels} = await connect({sources, ...limits}, watched)
    const consent = watchConsent(ends, {timeoutMs: consentTimeout}, watched)
    try {
      const consented = {...watched, signal: AbortSignal.any([watched.signal, consent.lost])}
      trace.phase('echo')
      await echo(channels, {messages, intervalMs: interval}, consented)
      if (hold > 0) {
        trace.phase('hold')
        await holdOpen(hold, consented)
      }
      trace.tidyUp('release') // not in `finally`: what failed before stays the phase that failed
    } finally {
      consent.stop()
      await closeEnds(ends)
    }
  } finally {
    await sources.release()
  }
}
