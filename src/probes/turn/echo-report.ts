import type {Json} from '../../core/json.ts'
import {estimateMos} from '../../core/mos.ts'
import {jitter, quantile} from '../../core/stats.ts'
import type {Trace} from '../probe.ts'
import type {Arrivals} from './arrivals.ts'
import type {EchoResult} from './echo.ts'

/** Tells what became of every packet: an event each in order of sending, the figures as facts, both ways as a detail. */
export function reportEcho({out, back, round, latenesses}: EchoResult, packets: number, trace: Trace): void {
  const rtts = Array.from({length: packets}, (_, number) => round.transitOf(number))
  for (const rtt of rtts) {
    trace.event({indicator: 'turn_echo', ...(rtt === undefined ? {ok: false} : {ok: true, value: rtt})})
  }
  const figures = {
    loss: (packets - round.count) / packets,
    rtt_min_ms: quantile(round.transits, 0),
    rtt_p50_ms: quantile(round.transits, 0.5),
    rtt_p95_ms: quantile(round.transits, 0.95),
    rtt_p99_ms: quantile(round.transits, 0.99),
    rtt_max_ms: quantile(round.transits, 1),
    jitter_ms: out.count > 1 ? jitter(out.transits) : null,
    duplicated: out.duplicated + back.duplicated,
    reordered: out.reordered + back.reordered,
    mos_estimate: mosOf(out, packets),
    sender_late_p95_ms: quantile(latenesses, 0.95),
  }
  for (const [name, value] of Object.entries(figures)) if (value !== null) trace.fact(name, toMicroseconds(value))
  trace.detail('echo', {
    sent: packets,
    returned: round.count,
    out: oneWay(out, packets),
    back: oneWay(back, out.count),
    sender_late_max_ms: toMicroseconds(quantile(latenesses, 1) ?? 0),
    rtts_ms: rtts.map((rtt) => (rtt === undefined ? null : toMicroseconds(rtt))),
  })
}

function oneWay(arrivals: Arrivals, sent: number): Json {
  const {count, duplicated, reordered, transits} = arrivals
  const delay = quantile(transits, 0.5)
  const mos = mosOf(arrivals, sent)
  return {
    lost: sent - count,
    duplicated,
    reordered,
    ...(delay !== null && {delay_p50_ms: toMicroseconds(delay)}),
    ...(count > 1 && {jitter_ms: toMicroseconds(jitter(transits))}),
    ...(mos !== null && {mos_estimate: toMicroseconds(mos)}),
  }
}

/** What one of two people would hear. */
function mosOf({transits, count}: Arrivals, sent: number): number | null {
  const delayMs = quantile(transits, 0.5)
  return delayMs === null ? null : estimateMos({delayMs, jitterMs: jitter(transits), loss: (sent - count) / sent})
}

/** Milliseconds without the digits that are noise. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
