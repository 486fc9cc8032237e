import type {DrillDigest} from '../core/drill-digest.ts'
import {formatMs} from '../core/duration.ts'
import {wordsOf} from '../core/load-words.ts'
import {percent} from './share.ts'

export const listHead = ['when', 'profile', 'scenario', 'verdict', 'load', 'p95', 'objectives', 'folder'] as const

/** A drill in cells of a list. */
export function listCells(digest: DrillDigest): string[] {
  const {startedAt, profile, instance, scenario, factor, status, folder, objectives} = digest
  return [
    whenOf(startedAt),
    `${profile} ${instance}`,
    `${scenario} x ${factor}`,
    status,
    loadOf(digest),
    p95Of(digest),
    objectives
      .map(
        ({objective, share, status: outcome}) =>
          `${objective} ${shareText(share)}${outcome === 'pass' ? '' : ` ${outcome}`}`,
      )
      .join(', '),
    folder,
  ]
}

/** The drills of one workload, the oldest first. */
export interface Trend {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The p95 from drill to drill: "p95 ▁▂▇". */
  readonly line: string
}

/** How each workload went from drill to drill. Only drills of the same workload are held against each other. */
export function trendsOf(drills: readonly DrillDigest[], unicode = true): Trend[] {
  const oldestFirst = drills.toSorted((a, b) => a.startedAt - b.startedAt)
  const workloads = Map.groupBy(oldestFirst, ({profile, instance, workloadHash}) =>
    JSON.stringify([profile, instance, workloadHash]),
  )
  return [...workloads.values()].flatMap((group) => {
    const last = group.at(-1)
    if (!last) return []
    const {profile, instance, scenario, workloadHash, objectives} = last
    const values = group.map(({rttP95Ms, requestP95Ms}) => rttP95Ms ?? requestP95Ms)
    return [
      {
        title: `${profile} ${instance}, ${scenario}, workload ${workloadHash}`,
        head: ['when', 'verdict', 'p95', 'change', ...objectives.map(({objective}) => objective)],
        rows: group.map((digest, index) => [
          whenOf(digest.startedAt),
          digest.status,
          p95Of(digest),
          changeOf(values[index - 1], values[index]),
          ...objectives.map(({objective}) =>
            shareText(digest.objectives.find((one) => one.objective === objective)?.share ?? null),
          ),
        ]),
        line: unicode ? `p95 ${sparkline(values)}` : '',
      },
    ]
  })
}

function changeOf(before: number | null | undefined, now: number | null | undefined): string {
  if (!before || now === null || now === undefined) return ''
  const change = ((now - before) / before) * 100
  return `${change > 0 ? '+' : ''}${change.toFixed(1)} %`
}

const bars = '▁▂▃▄▅▆▇█'

/** From 0 to the highest. A gap is a drill without one. */
function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE)
  return values
    .map((value) =>
      value === null ? ' ' : (bars[Math.min(bars.length - 1, Math.floor((value / most) * bars.length))] ?? ''),
    )
    .join('')
}

function loadOf(digest: DrillDigest): string {
  const {sockets, loads} = digest
  const carried = loads.map(({kind, planned, achieved}) => `${achieved} of ${planned} ${kind.replace('_', ' ')}`)
  return [...(sockets > 0 ? [`${sockets} ${wordsOf(digest).clients}`] : []), ...carried].join(', ')
}

function p95Of({rttP95Ms, requestP95Ms}: DrillDigest): string {
  return [rttP95Ms, requestP95Ms].flatMap((ms) => (ms === null ? [] : [formatMs(ms)])).join(', ') || 'no data'
}

function shareText(share: number | null): string {
  return share === null ? 'no data' : percent(share)
}

function whenOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')
}
