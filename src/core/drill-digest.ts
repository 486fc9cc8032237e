import type {CarriedLoad, DrillPhase, DrillResult} from './drill-result.ts'
import type {Report} from './report.ts'
import {shareOf} from './stats.ts'
import type {Status} from './status.ts'

/** A drill in a few numbers: a row of a list, a point of a trend. */
export interface DrillDigest {
  readonly id: string
  /** The name of the folder that holds its report. */
  readonly folder: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly profile: string
  readonly instance: string
  readonly scenario: string
  readonly factor: number
  readonly status: Status
  readonly workloadHash: string
  /** Sockets or allocations that were planned at once; 0 of a load of requests alone. */
  readonly sockets: number
  readonly loads: readonly CarriedLoad[]
  /** p95 of the judged phases in milliseconds; null without any. */
  readonly rttP95Ms: number | null
  readonly requestP95Ms: number | null
  readonly objectives: readonly DigestObjective[]
}

/** The share that was good by the telling bound of an objective that the drill decided. */
export interface DigestObjective {
  readonly objective: string
  readonly title: string
  readonly status: Status
  readonly share: number | null
  readonly promised: number | null
}

/** Reports without a drill have none. */
export function digestOf({run, status, verdicts, drill}: Report, folder: string): DrillDigest | undefined {
  if (!drill) return undefined
  const {id, profile, instance, startedAt} = run
  const {scenario, factor, workloadHash, loads} = drill
  return {
    id,
    folder,
    startedAt,
    profile,
    instance,
    scenario,
    factor,
    status,
    workloadHash,
    sockets: Math.max(0, ...drill.series.map(({plannedSockets}) => plannedSockets)),
    loads,
    rttP95Ms: p95Of(drill, 'rtt_ms'),
    requestP95Ms: p95Of(drill, 'request_ms'),
    objectives: verdicts
      .filter(({source}) => source === 'drill')
      .map(({objective, title, status: outcome, bounds: [bound]}) => ({
        objective,
        title,
        status: outcome,
        share: bound ? shareOf(bound.tally) : null,
        promised: bound?.share ?? null,
      })),
  }
}

/** The phase that was judged: where several were, they share their measurements. */
export function judgedPhase({phases}: Pick<DrillResult, 'phases'>): DrillPhase | undefined {
  return phases.find(({judged}) => judged)
}

function p95Of(drill: DrillResult, trend: string): number | null {
  return judgedPhase(drill)?.trends[trend]?.['p(95)'] ?? null
}
