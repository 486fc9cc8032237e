import type {
  Change,
  ComparedDrill,
  ComparisonCriteria,
  DrillComparison,
  Figure,
  Outcome,
} from '../../core/drill-comparison.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import type {DrillReport} from '../reports/read.ts'
import {quantileFigure, shareFigure} from './figures.ts'
import {differ, type Estimate} from './interval.ts'

/** A report with where it lies. */
export interface Placed {
  readonly report: DrillReport
  readonly folder: string
}

/** A tenth slower is what people notice; a tenth of a percentage point is the budget of 99.9 %. */
export const usualCriteria: ComparisonCriteria = {maxRegression: 0.1, maxDrop: 0.001}

/** No user feels less than this, and the timer of another machine may be off by as much. */
const FLOOR_MS = 1
const gravity: readonly Outcome[] = ['regression', 'unknown', 'improvement', 'small', 'noise']

/** Holds every promise of a drill against what it was in an earlier one. Both must have had the same workload. */
export function compareDrills(
  {baseline, current}: {readonly baseline: Placed; readonly current: Placed},
  criteria: ComparisonCriteria,
): DrillComparison {
  const promises = ({report}: Placed) => report.verdicts.filter(({role}) => role === 'promise')
  const now = promises(current)
  const changes = promises(baseline)
    .flatMap((before) => changesOf({before, after: counterpart(before, now)}, {baseline, current, criteria}))
    .toSorted((a, b) => gravity.indexOf(a.outcome) - gravity.indexOf(b.outcome))
  return {
    baseline: named(baseline),
    current: named(current),
    criteria,
    changes,
    outcome: gravity.find((outcome) => changes.some((change) => change.outcome === outcome)) ?? 'unknown',
    notes: notesOf(baseline.report, current.report),
  }
}

/** The same objective by the same source; of several targets the same one. An objective of one target may have moved. */
function counterpart(verdict: CheckedVerdict, among: readonly CheckedVerdict[]): CheckedVerdict | undefined {
  const {objective, source, target} = verdict
  const alike = among.filter((one) => one.objective === objective && one.source === source)
  return alike.find((one) => one.target === target) ?? (alike.length === 1 ? alike[0] : undefined)
}

interface Sides {
  readonly before: CheckedVerdict
  readonly after: CheckedVerdict | undefined
}

interface Context {
  readonly baseline: Placed
  readonly current: Placed
  readonly criteria: ComparisonCriteria
}

function changesOf({before, after}: Sides, {baseline, current, criteria}: Context): Change[] {
  const bound = before.bounds.find(({level}) => level === 'target') ?? before.bounds[0]
  if (!bound) return []
  const {objective, title, source, target, unit, indicator} = before
  const common = {objective, title, source, target: after?.target ?? target}
  const same = after?.bounds.find(({level}) => level === bound.level)
  const missing: Figure = {value: null, interval: null, samples: 0, status: after?.status ?? 'skipped'}
  const changes: Change[] = []
  const [slowBefore, slowAfter] = [
    quantileFigure(baseline.report, before, bound),
    after && same && quantileFigure(current.report, after, same),
  ]
  if (slowBefore && slowAfter) {
    const label = `p${Number((bound.share * 100).toFixed(3))}`
    const judged = {before: slowBefore, after: slowAfter, figure: 'quantile' as const}
    changes.push({
      ...common,
      label,
      ...(unit !== undefined && {unit}),
      ...judged,
      ...judgeChange(judged, {criteria, unit}),
    })
  }
  const judged = {
    before: shareFigure(baseline.report, before, bound),
    after: after && same ? shareFigure(current.report, after, same) : missing,
    figure: 'share' as const,
  }
  const label =
    indicator === 'load_carried' ? 'carried' : bound.max === undefined && bound.min === undefined ? 'good' : 'in time'
  return [...changes, {...common, label, ...judged, ...judgeChange(judged, {criteria, unit})}]
}

function judgeChange(
  {before, after, figure}: Pick<Change, 'before' | 'after' | 'figure'>,
  {criteria, unit}: {readonly criteria: ComparisonCriteria; readonly unit: string | undefined},
): Pick<Change, 'change' | 'outcome' | 'why'> {
  const [was, is] = [estimate(before), estimate(after)]
  if (!was || !is) {
    const which = was ? 'this drill' : 'the baseline'
    return {change: null, outcome: 'unknown', why: `${which} has no data that can be believed`}
  }
  const difference = is.value - was.value
  if (figure === 'share') {
    const outcome = outcomeOf(-difference, {told: differ(was, is), most: criteria.maxDrop})
    return {change: difference, outcome}
  }
  const change = was.value === 0 ? null : difference / was.value
  const tiny = unit === 'ms' && Math.abs(difference) < FLOOR_MS
  return {
    change,
    outcome: outcomeOf(change ?? difference, {told: differ(was, is) && !tiny, most: criteria.maxRegression}),
  }
}

/** A verdict that nobody believes is no figure to compare with. */
function estimate({value, interval, status}: Figure): Estimate | undefined {
  return value === null || !interval || status === 'inconclusive' || status === 'skipped'
    ? undefined
    : {value, interval}
}

function outcomeOf(worse: number, {told, most}: {readonly told: boolean; readonly most: number}): Outcome {
  if (!told) return 'noise'
  if (worse > most) return 'regression'
  return worse < -most ? 'improvement' : 'small'
}

function named({report: {run, status}, folder}: Placed): ComparedDrill {
  return {id: run.id, folder, startedAt: run.startedAt, status}
}

/** What was not the same although the load was. */
function notesOf(before: DrillReport, after: DrillReport): string[] {
  const facts = ({run, drill}: DrillReport): Readonly<Record<string, string>> => ({
    target: drill.targets.join(', '),
    k6: drill.k6 ?? 'none',
    probe: run.version,
    script: drill.script ?? 'none',
    cores: String(drill.generator.cores),
    processes: String(drill.generator.processes),
    location: run.location,
  })
  const [was, is] = [facts(before), facts(after)]
  return Object.keys(is)
    .filter((name) => was[name] !== is[name])
    .map((name) => `another ${name}: ${short(was[name])} then, ${short(is[name])} now`)
}

function short(text = ''): string {
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text
}
