import {blameOf} from './failure.ts'
import {mappedSamples} from './mapped-samples.ts'
import {gauge, metrics, summary, type Labels, type MetricName} from './metrics.ts'
import type {Report} from './report.ts'
import type {AttemptResult, CheckResult, Fact, Facts} from './result.ts'
import type {Sample} from './sample.ts'
import {quantile} from './stats.ts'
import {statuses, type Status} from './status.ts'
import type {CheckedVerdict} from './verdict.ts'

const QUANTILES = [0.5, 0.95, 0.99] as const
/** By the indicator whose values, in milliseconds, they sum up. */
const roundTripMetrics = {
  signaling_rtt: 'probe_signaling_rtt_seconds',
  turn_echo: 'probe_turn_echo_rtt_seconds',
} as const

/**
 * The report in numbers. Labels of ours are bounded by the config: no value of one comes from what a target says. A page of
 * JSON is exported by whole runs alone: beside them a narrowed one would count the same system twice.
 */
export function samplesOf(report: Report): readonly Sample[] {
  const {run, checks, verdicts, status} = report
  const endedAt = (run.startedAt + run.durationMs) / 1000
  return [
    ...checks.flatMap(ofCheck),
    ...verdicts.flatMap(ofVerdict),
    ...(run.selection === 'all' ? checks.flatMap(mappedSamples) : []),
    ...stateSet('probe_run_status', {}, status),
    gauge('probe_run_duration_seconds', {}, run.durationMs / 1000),
    gauge('probe_last_run_timestamp_seconds', {}, endedAt),
    ...(status === 'pass' ? [gauge('probe_last_success_timestamp_seconds', {}, endedAt)] : []),
  ]
}

/** A check that was skipped, or that could not be measured, has no numbers: a 0 would blame the target for it. */
function ofCheck({check, probe, target, attempts}: CheckResult): Sample[] {
  const measured = attempts.filter((attempt) => attempt.ok || blameOf(attempt.failure.code) === 'target')
  const attempt = measured.find(({ok}) => !ok) ?? measured.at(-1)
  if (!attempt) return []
  const labels = {check, probe, target}
  return [
    gauge('probe_success', labels, attempt.ok ? 1 : 0),
    gauge('probe_duration_seconds', labels, attempt.totalMs / 1000),
    ...(attempt.ok
      ? []
      : [gauge('probe_failure_info', {...labels, code: attempt.failure.code, phase: attempt.failure.phase}, 1)]),
    ...ofPhases(attempt, labels),
    ...ofFacts(attempt, labels),
    ...roundTrips(measured, labels),
  ]
}

function ofPhases({probe, phases}: AttemptResult, labels: Labels): Sample[] {
  const family = `probe_${probe}_duration_seconds`
  const resolve = phases.find(({name}) => name === 'resolve')
  return [
    ...(resolve ? [gauge('probe_dns_lookup_time_seconds', labels, resolve.ms / 1000)] : []),
    ...(isMetric(family) ? phases.map(({name, ms}) => gauge(family, {...labels, phase: name}, ms / 1000)) : []),
  ]
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name)
}

function ofFacts({ok, probe, facts, phases}: AttemptResult, labels: Labels): Sample[] {
  const upgraded = phases.some(({name, state}) => name === 'upgrade' && state === 'done')
  return [
    ...ofNumber('probe_ip_protocol', labels, facts.ip_protocol),
    ...ofNumber('probe_ssl_earliest_cert_expiry', labels, facts.tls_expires_at),
    ...(typeof facts.tls_version === 'string'
      ? [gauge('probe_tls_version_info', {...labels, version: facts.tls_version.replace(/^TLSv/, 'TLS ')}, 1)]
      : []),
    ...(probe === 'http' ? ofNumber('probe_http_status_code', labels, facts.http_status ?? 0) : []),
    ...(probe === 'websocket' ? [gauge('probe_websocket_connection_upgraded', labels, upgraded ? 1 : 0)] : []),
    ...(probe === 'turn' ? ofTurn({ok, facts}, labels) : []),
    ...(probe === 'call' ? ofCall(facts, labels) : []),
  ]
}

/** An ERROR-CODE that the client could answer, as the challenge of every allocation is, is no error. */
function ofTurn({ok, facts}: Pick<AttemptResult, 'ok' | 'facts'>, labels: Labels): Sample[] {
  return [
    ...ofNumber('probe_turn_error_code', labels, ok ? 0 : (facts.error_code ?? 0)),
    ...ofNumber('probe_turn_echo_loss_ratio', labels, facts.loss),
    ...ofMs('probe_turn_echo_jitter_seconds', labels, facts.jitter_ms),
  ]
}

function ofCall(facts: Facts, labels: Labels): Sample[] {
  return [
    ...ofMs('probe_call_setup_seconds', labels, facts.call_setup_ms),
    ...['audio', 'video'].flatMap((media) => [
      ...ofNumber('probe_call_media_loss_ratio', {...labels, media}, facts[`${media}_loss`]),
      ...ofMs('probe_call_media_jitter_seconds', {...labels, media}, facts[`${media}_jitter_ms`]),
    ]),
  ]
}

function ofMs(name: MetricName, labels: Labels, fact: Fact | undefined): Sample[] {
  return ofNumber(name, labels, typeof fact === 'number' ? fact / 1000 : undefined)
}

function ofNumber(name: MetricName, labels: Labels, fact: Fact | undefined): Sample[] {
  return typeof fact === 'number' ? [gauge(name, labels, fact)] : []
}

/** Of all attempts together, the lost ones left out: these count as bad events. */
function roundTrips(attempts: readonly AttemptResult[], labels: Labels): Sample[] {
  const events = attempts.flatMap((attempt) => attempt.events).filter(({ok}) => ok)
  return Object.entries(roundTripMetrics).flatMap(([indicator, name]) => {
    const values = events.flatMap(({indicator: of, value}) =>
      of === indicator && value !== undefined ? [value / 1000] : [],
    )
    const quantiles = QUANTILES.map((share) => [share, quantile(values, share) ?? 0] as const)
    return summary(name, labels, {values, quantiles})
  })
}

/** The indicator tells an objective apart from a check of its name that is held to "all attempts good". */
function ofVerdict({objective, indicator, source, target, status, bounds}: CheckedVerdict): Sample[] {
  const labels = {objective, indicator, source, target}
  return [
    ...stateSet('probe_slo_status', labels, status),
    ...bounds.flatMap(({level, severity, tally}) => [
      gauge('probe_slo_events', {...labels, level, severity}, tally.total),
      gauge('probe_slo_good_events', {...labels, level, severity}, tally.good),
    ]),
  ]
}

function stateSet(name: MetricName, labels: Labels, status: Status): Sample[] {
  return statuses.map((state) => gauge(name, {...labels, status: state}, state === status ? 1 : 0))
}
