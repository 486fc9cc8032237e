import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {pause} from '../turn/pause.ts'
import type {Ends} from './ends.ts'

export interface Consent {
  /** Aborts when an end may no longer send, with that as the reason. */
  readonly lost: AbortSignal
  /** Ends the watch, and tells what it saw. */
  stop(): void
}

const LOOK_EVERY_MS = 100

/**
 * Watches whether both ends may go on sending: each asks the other every 4 to 6 s, and without an answer for so long
 * its consent is over (RFC 7675, section 5.1, which allows 30 s).
 */
export function watchConsent({near, far}: Ends, {timeoutMs}: {readonly timeoutMs: number}, trace: Trace): Consent {
  const loss = new AbortController()
  const began = trace.now()
  const watched = (['near', 'far'] as const).map((name) => {
    const pair = {near, far}[name].selectedPair
    return {name, pair, before: pair?.responsesReceived ?? 0, answers: pair?.responsesReceived ?? 0, answeredAt: began}
  })
  const look = () => {
    for (const end of watched) {
      const answers = end.pair?.responsesReceived ?? 0
      if (answers > end.answers) Object.assign(end, {answers, answeredAt: trace.now()})
      else if (trace.now() - end.answeredAt > timeoutMs) loss.abort(consentLost(end.name, timeoutMs))
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    lost: loss.signal,
    stop() {
      clearInterval(timer)
      const asked = watched.reduce((sum, {pair}) => sum + (pair?.consentRequestsSent ?? 0), 0)
      if (asked === 0) return
      trace.fact('consent_checks', asked)
      trace.fact(
        'consent_answers',
        watched.reduce((sum, {pair, before}) => sum + (pair?.responsesReceived ?? before) - before, 0),
      )
    },
  }
}

/** Keeps a session open for so long. Rejects with what ends it early. */
export async function holdOpen(ms: number, {signal}: Trace): Promise<void> {
  await pause(ms, signal)
  signal.throwIfAborted()
}

function consentLost(end: string, timeoutMs: number): ProbeFailure {
  const message = `the ${end} peer lost the other's consent: no answer to its checks for ${formatMs(timeoutMs)} (RFC 7675)`
  return new ProbeFailure('ice_consent_lost', message, {
    hint: 'the path worked and then went dead: look for NAT or firewall timers, a restarted relay, an expired permission',
  })
}
