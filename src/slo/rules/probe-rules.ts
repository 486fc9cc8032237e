import {promDuration} from '../../core/duration.ts'
import type {Objective} from '../../core/objective.ts'
import {alertName} from './alerting-rule.ts'
import {LEAST_FAILURES} from './budget-rules.ts'
import {burnWindows, windowName} from './burn-rate.ts'
import type {AlertDescription, RecordingRule} from './rule.ts'

export interface ProbeRuns {
  /** Of the profile, and the `job` of everything that a run pushes. */
  readonly profile: string
  /** How often `probe run` runs, in milliseconds. */
  readonly everyMs: number
}

/** How many runs may be missing before what was pushed last says nothing any more. */
const STALE_AFTER_RUNS = 3
/** A single bad run is an accident: at one a minute it would use up an hour's budget of 99.9 % many times over. */
const LEAST_MISSED_RUNS = 2
const WEEK_S = 604_800
/** What tells one prober from another. */
const PROBER = 'on (job, instance, location, selection)'
const EVENTS = 'probe:slo_events:run'
const GOOD_EVENTS = 'probe:slo_good_events:run'
const MISSED = 'probe:slo_missed:run'

/** How often the recordings are made. A run that ends between two of them is taken once, by its time. */
export function recordingInterval({everyMs}: Pick<ProbeRuns, 'everyMs'>): number {
  return Math.min(everyMs, 60_000)
}

/**
 * The events of each run, once: a Pushgateway serves the numbers of a run until the next one, and every scrape would
 * count them again. There is a sample only where a run has ended since the last evaluation.
 */
export function probeRecordings(runs: ProbeRuns): RecordingRule[] {
  const job = `{job="${runs.profile}"}`
  const ended = `probe_last_run_timestamp_seconds${job}`
  const before = `${ended} offset ${promDuration(recordingInterval(runs))}`
  const isNew = `(${ended} > ${before} or ${ended} unless ${before})`
  return [
    {record: EVENTS, expr: `probe_slo_events${job} and ${PROBER} ${isNew}`},
    {record: GOOD_EVENTS, expr: `probe_slo_good_events${job} and ${PROBER} ${isNew}`},
    {record: MISSED, expr: `${EVENTS}${job} > bool ${GOOD_EVENTS}${job}`},
  ]
}

/** Alerts on what the probe itself pushed, and on its silence. */
export function probeAlerts({profile, everyMs}: ProbeRuns, objectives: readonly Objective[]): AlertDescription[] {
  const job = `job="${profile}"`
  const staleS = (STALE_AFTER_RUNS * everyMs) / 1000
  const age = `time() - probe_last_run_timestamp_seconds{${job}}`
  const fresh = `and ${PROBER} ${age} < ${staleS}`
  return [
    {
      name: 'ProbePromiseBroken',
      expr: `probe_slo_status{${job},status="fail"} == 1 ${fresh}`,
      forMs: everyMs, // a second run says the same
      severity: 'warning',
      summary: 'two runs in a row found an alert threshold crossed: {{ $labels.objective }} on {{ $labels.target }}',
    },
    {
      name: 'ProbeInconclusive',
      expr: `probe_run_status{${job},status="inconclusive"} == 1 ${fresh}`,
      forMs: STALE_AFTER_RUNS * everyMs,
      severity: 'warning',
      summary: 'for some time no run could tell whether the promises are kept',
    },
    {
      name: 'ProbeStale',
      expr: `${age} > ${staleS}`,
      severity: 'warning',
      summary: 'the last run that was pushed is older than three runs: the prober has stopped, or cannot push',
    },
    {
      name: 'ProbeDead',
      expr: `absent(probe_last_run_timestamp_seconds{${job}})`,
      forMs: STALE_AFTER_RUNS * everyMs,
      severity: 'critical',
      summary: 'no run was ever pushed, or the Pushgateway is gone: nobody watches the promises',
    },
    {
      name: 'ProbePushRefused',
      expr: `push_failure_time_seconds{${job}} > push_time_seconds{${job}}`,
      severity: 'warning',
      summary: 'the Pushgateway refused the last push of a run',
    },
    {
      name: 'ProbeCertificateExpires',
      expr: `probe_ssl_earliest_cert_expiry{${job}} - time() < ${2 * WEEK_S} ${fresh}`,
      severity: 'warning',
      summary: 'a certificate expires within two weeks: {{ $labels.target }}',
    },
    ...objectives.flatMap((objective) => burnAlerts(objective, {profile, everyMs})),
  ]
}

/** Each run weighs by its events; a few bad ones, or an old run, wake nobody. */
function burnAlerts(objective: Objective, {profile, everyMs}: ProbeRuns): AlertDescription[] {
  const {id, title = id, kind, role, sources, bounds} = objective
  const target = bounds.find(({level, share}) => level === 'target' && share < 1)
  if (!target || kind !== 'events' || role !== 'promise' || !sources.includes('probe')) return []
  const selector = `{job="${profile}",objective="${id}",level="target"}`
  const sum = (record: string, ms: number) => `sum_over_time(${record}${selector}[${promDuration(ms)}])`
  const bad = (ms: number) => `(${sum(EVENTS, ms)} - ${sum(GOOD_EVENTS, ms)})`
  const share = (ms: number) => `${bad(ms)} / ${sum(EVENTS, ms)}`
  return burnWindows(everyMs, target.share).map(({severity, longMs, shortMs, rate}) => {
    const threshold = Number((rate * (1 - target.share)).toPrecision(6))
    return {
      name: alertName(id, 'ProbeBudgetBurn'),
      expr: [
        `${share(longMs)} > ${threshold}`,
        `and ${share(shortMs)} > ${threshold}`,
        `and ${bad(longMs)} >= ${LEAST_FAILURES}`,
        // many bad events of one run are one observation
        `and ${sum(MISSED, longMs)} >= ${LEAST_MISSED_RUNS}`,
      ].join(' '),
      severity,
      summary: `${title}, as probed: the error budget of 30 days is spent ${rate} times too fast (over ${windowName(longMs)})`,
      runbook: target.runbook,
      labels: {objective: id, window: windowName(longMs)},
    }
  })
}
