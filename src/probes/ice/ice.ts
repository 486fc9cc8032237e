import {dialled} from '../connect-to-option.ts'
import type {Attempt, Target, Trace} from '../probe.ts'
import {parseTurnUri} from '../stun/uri.ts'
import {echo} from '../webrtc/echo.ts'
import {closeEnds} from '../webrtc/ends.ts'
import {holdOpen, watchConsent} from '../webrtc/consent.ts'
import {withoutLeftoverTimers} from '../webrtc/engine-timers.ts'
import {prepareEngine} from '../webrtc/peer.ts'
import {openSources} from '../webrtc/sources.ts'
import {connect} from './connect.ts'
import type {IceOptions} from './options.ts'

/** Two WebRTC peers of our own that reach each other by the ways that the policy leaves them. */
export async function loadIce(): Promise<Attempt<IceOptions>> {
  await prepareEngine()
  return (target, options, trace) => withoutLeftoverTimers(() => attempt(target, options, trace))
}

async function attempt({address, family}: Target, options: IceOptions, trace: Trace): Promise<void> {
  const {policy, connectTimeout, handshakeTimeout, messages, interval, hold, consentTimeout, ...server} = options
  const {host} = dialled(parseTurnUri(address), server.connectTo)
  const turn = {address, ...server, ...(family && {family})}
  const sources = await openSources({policy, turn, host}, trace)
  try {
    const watched = {...trace, signal: AbortSignal.any([trace.signal, sources.lost])}
    const limits = {iceTimeoutMs: connectTimeout, handshakeTimeoutMs: handshakeTimeout}
    const {ends, channels} = await connect({sources, judged: policy !== 'host', ...limits}, watched)
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
