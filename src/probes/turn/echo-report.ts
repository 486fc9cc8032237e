import {estimateMos} from '../../core/mos.ts'
import {jitter, quantile} from '../../core/stats.ts'
import type {Trace} from '../probe.ts'
import type {Arrivals} from './arrivals.ts'
import type {EchoPlan, EchoResult} from './echo.ts'

/** Tells what became of every packet: an event each in order of sending, the figures as facts, both ways as a detail. */
export function reportEcho({out, round, latenesses}: EchoResult, {packets}: EchoPlan, trace: Trace): void {
  const rtts = Array.from({length: packets}, (_, number) => round.transitOf(number))
  for (const rtt of rtts) {
    trace.event({indicator: 'turn_echo', ...(rtt === undefined ? {ok: false} : {ok: true, value: rtt})})
  }
  const figures = {
    loss: (packets - round.count) / packets,
    rtt_p50_ms: quantile(round.transits, 0.5),
    rtt_p95_ms: quantile(round.transits, 0.95),
    rtt_max_ms: quantile(round.transits, 1),
    jitter_ms: out.count > 1 ? jitter(out.transits) : null,
    duplicated: round.duplicated,
    reordered: round.reordered,
    mos_estimate: mosOf(out, packets),
    sender_late_p95_ms: quantile(latenesses, 0.95),
  }
  for (const [name, value] of Object.entries(figures)) if (value !== null) trace.fact(name, toMicroseconds(value))
  trace.detail('echo', {
    sent: packets,
    returned: round.count,
    out: {lost: packets - out.count, duplicated: out.duplicated, reordered: out.reordered},
    back: {lost: out.count - round.count},
    rtts_ms: rtts.map((rtt) => (rtt === undefined ? null : toMicroseconds(rtt))),
  })
}

/** Of the way out alone: what one of two people would hear. */
function mosOf({transits, count}: Arrivals, packets: number): number | null {
  const delayMs = quantile(transits, 0.5)
  return delayMs === null ? null : estimateMos({delayMs, jitterMs: jitter(transits), loss: (packets - count) / packets})
}

/** Milliseconds without the digits that are noise. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
