import {formatMs} from '../core/duration.ts'
import {ATTEMPT, type Event} from '../core/event.ts'
import {blameOf} from '../core/failure.ts'
import type {Report} from '../core/report.ts'
import type {AttemptResult, Fact, Facts, Phase} from '../core/result.ts'
import {quantile, wilson} from '../core/stats.ts'
import {printable} from './printable.ts'
import {percentRange} from './share.ts'

/** Facts that other facts or the events say better, or that only a program wants. */
const unshown = new Set([
  ...['ip_protocol', 'tls_cipher', 'tls_expires_at', 'tls_subject', 'tls_chain', 'request_id'],
  ...['rtt_min_ms', 'rtt_p50_ms', 'rtt_p95_ms', 'rtt_p99_ms', 'rtt_max_ms', 'local_address', 'allocation_ms'],
  ...['ice_ms', 'dtls_ms', 'data_channel_ms', 'call_setup_ms'],
  ...['network', 'udp', 'tcp', 'tls'],
  ...[
    'relayed_address_near',
    'relayed_address_far',
    'candidate_types',
    'candidate_type_local',
    'candidate_type_remote',
  ],
])
const LONGEST_FACT = 60

/**
 * One attempt for whoever is on call: how it went and where the time was spent, on one line, with the key facts below.
 * Of a failure the cause comes first, then what to do about it.
 */
export function waterfall(attempt: AttemptResult): string {
  const {probe, target, facts, ...clean} = printable(attempt)
  const known = [...eventLine(clean.events), ...factLine(facts)]
  if (clean.ok) return [`ok  ${probe}  ${target}  ${timeLine(clean)}`, ...known].join('\n')
  const {failure} = clean
  const word = blameOf(failure.code) === 'target' ? 'FAIL' : 'INCONCLUSIVE' // could not measure is not bad
  return [
    `${word}  ${probe}  ${target}  ${failure.phase}: ${failure.message}`,
    ...(failure.hint ? [`    hint: ${failure.hint}`] : []),
    `    ${timeLine(clean)}`,
    ...known,
  ].join('\n')
}

/** What many attempts come to: "18/20 ok (95 % interval 69–98 %) · p50 1.2 ms · p95 3.4 ms · max 5.6 ms · relayed 18/18". */
export function waterfallSummary({checks}: Pick<Report, 'checks'>): string {
  const attempts = checks.flatMap((check) => check.attempts)
  const good = attempts.filter(({ok}) => ok).map(({totalMs}) => totalMs)
  const figures = (
    [
      ['p50', 0.5],
      ['p95', 0.95],
      ['max', 1],
    ] as const
  ).flatMap(([name, share]) => {
    const value = quantile(good, share)
    return value === null ? [] : [`${name} ${formatMs(value)}`]
  })
  const interval = percentRange(wilson({good: good.length, total: attempts.length}))
  return [
    `${good.length}/${attempts.length} ok (95 % interval ${interval})`,
    ...figures,
    ...relayedShare(attempts),
  ].join(' · ')
}

/** Of the sessions that came about, where a probe tells. */
function relayedShare(attempts: readonly AttemptResult[]): string[] {
  const known = attempts.flatMap(({facts}) => (typeof facts.relayed === 'boolean' ? [facts.relayed] : []))
  return known.length === 0 ? [] : [`relayed ${known.filter(Boolean).length}/${known.length}`]
}

function timeLine({phases, totalMs}: Pick<AttemptResult, 'phases' | 'totalMs'>): string {
  const parts = phases.flatMap((phase, index) => phaseText(phase, phases[index - 1]))
  return `${parts.join(' · ')} = ${totalMs.toFixed(1)} ms`
}

/** Bare milliseconds, for the line ends in the unit; a phase that was not reached is not shown unless it says why. */
function phaseText({name, ms, state, why}: Phase, before: Phase | undefined): string[] {
  switch (state) {
    case 'done':
      return [`${name} ${ms.toFixed(1)}`]
    case 'failed':
      return [`${name} ${ms.toFixed(1)} (failed)`]
    case 'skipped':
      return why && why !== before?.why ? [`${name} skipped (${why})`] : [] // a reason stands once for all in a row
  }
}

/** What was counted: "signaling rtt 19/20 p50 0.42 ms p95 1.9 ms · match latency 1.8 ms". */
function eventLine(events: readonly Event[]): string[] {
  const indicators = [...new Set(events.map(({indicator}) => indicator))].filter((name) => name !== ATTEMPT)
  const parts = indicators.map((name) => {
    const all = events.filter(({indicator}) => indicator === name)
    const good = all.filter(({ok}) => ok)
    const values = good.flatMap(({value}) => (value === undefined ? [] : [value]))
    return [
      name.replaceAll('_', ' '),
      ...(all.length > 1 || good.length === 0 ? [`${good.length}/${all.length}`] : []),
      ...valuesText(values),
    ].join(' ')
  })
  return parts.length > 0 ? [`    ${parts.join(' · ')}`] : []
}

function valuesText(values: readonly number[]): string[] {
  const [first] = values
  if (first === undefined) return []
  if (values.length === 1) return [formatMs(first)]
  return ([0.5, 0.95] as const).map((share) => `p${share * 100} ${formatMs(quantile(values, share) ?? first)}`)
}

function factLine(facts: Facts): string[] {
  const shown = Object.entries(facts)
    .filter(([name]) => !unshown.has(name))
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${factText(value)}`)
  return shown.length > 0 ? [`    ${shown.join(' · ')}`] : []
}

function factText(value: Fact): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value).slice(0, LONGEST_FACT)
}
