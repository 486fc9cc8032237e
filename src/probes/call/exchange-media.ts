import {estimateMos} from '../../core/mos.ts'
import {jitter, quantile} from '../../core/stats.ts'
import type {Json} from '../../core/json.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import type {Ends} from '../webrtc/ends.ts'
import {kinds, type Kind} from '../webrtc/media-shape.ts'
import {stream, type StreamResult} from '../webrtc/media-stream.ts'

/** Sends sound and picture both ways at once: an event for each packet, the figures of each kind as facts. */
export async function exchangeMedia({near, far}: Ends, durationMs: number, trace: Trace): Promise<void> {
  const streams = await Promise.all(
    kinds.flatMap((kind) => [
      oneWay({from: near, to: far, kind, durationMs}, trace),
      oneWay({from: far, to: near, kind, durationMs}, trace),
    ]),
  )
  for (const kind of kinds) {
    const both = streams.filter((result) => result.kind === kind)
    for (const result of both) tellPackets(result, trace)
    tellFigures(kind, both, trace)
  }
  trace.fact(
    'sender_late_p95_ms',
    rounded(
      quantile(
        streams.flatMap(({latenesses}) => latenesses),
        0.95,
      ) ?? 0,
    ),
  )
  trace.detail(
    'media',
    streams.map((result, index) => ({direction: index % 2 === 0 ? 'out' : 'back', ...detailOf(result)})),
  )
  const silent = streams.find(({sent, arrived}) => sent > 0 && arrived.count === 0)
  if (silent)
    throw new ProbeFailure('media_lost', `all ${silent.sent} packets of ${silent.kind} were lost, one way`, {
      hint: 'the data channel works over the same pair: look at limits of rate or size on the way',
    })
}

interface OneWay {
  readonly from: Ends['near']
  readonly to: Ends['near']
  readonly kind: Kind
  readonly durationMs: number
}

function oneWay({from, to, kind, durationMs}: OneWay, trace: Trace): Promise<StreamResult> {
  const outgoing = from.outgoing.find((track) => track.kind === kind)
  const incoming = to.incoming.find((track) => track.kind === kind)
  if (!outgoing || !incoming) {
    throw new ProbeFailure('ice_engine', `the descriptions did not agree on ${kind}`, {
      hint: 'signaling may have changed them: look at them with `frames`',
    })
  }
  return stream({from: outgoing, to: incoming, durationMs}, trace)
}

function tellPackets({kind, sent, arrived}: StreamResult, trace: Trace): void {
  for (let number = 0; number < sent; number++) {
    const value = arrived.transitOf(number)
    trace.event({indicator: `call_${kind}`, ...(value === undefined ? {ok: false} : {ok: true, value})})
  }
}

/** Of both ways together; the jitter of the worse one. */
function tellFigures(kind: Kind, both: readonly StreamResult[], trace: Trace): void {
  const sent = both.reduce((sum, one) => sum + one.sent, 0)
  const count = both.reduce((sum, one) => sum + one.arrived.count, 0)
  if (sent === 0) return
  const loss = (sent - count) / sent
  const jitterMs = Math.max(...both.map(({arrived}) => jitter(arrived.transits)))
  trace.fact(`${kind}_loss`, rounded(loss))
  trace.fact(`${kind}_jitter_ms`, rounded(jitterMs))
  const delayMs = quantile(
    both.flatMap(({arrived}) => arrived.transits),
    0.5,
  )
  if (kind === 'audio' && delayMs !== null) trace.fact('mos_estimate', rounded(estimateMos({delayMs, jitterMs, loss})))
}

function detailOf({kind, sent, arrived}: StreamResult): Record<string, Json> {
  const {count, duplicated, reordered, transits} = arrived
  const [p50, p95] = [quantile(transits, 0.5), quantile(transits, 0.95)]
  return {
    ...{kind, sent, lost: sent - count, duplicated, reordered, jitter_ms: rounded(jitter(transits))},
    ...(p50 !== null && p95 !== null && {transit_p50_ms: rounded(p50), transit_p95_ms: rounded(p95)}),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
