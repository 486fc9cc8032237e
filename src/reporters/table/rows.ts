import {layerOf} from '../../core/layer.ts'
import type {Report} from '../../core/report.ts'
import {ATTEMPT} from '../../core/event.ts'
import {compareStatus, type Status} from '../../core/status.ts'
import {subjectOf, type CheckedVerdict} from '../../core/verdict.ts'
import {measured, tellingBound} from '../measured.ts'
import {percentRange} from '../share.ts'

export interface Row {
  readonly check: string
  readonly status: Status
  /** What broke, in a word: a layer, "slow" where nothing did, nothing where all is well. */
  readonly broke: string
  readonly measured: string
  readonly samples: string
}

/**
 * One row a verdict, the worst first; what only shows the load comes last, for it decides nothing. Left out is "all
 * attempts good" where a named objective of the same check came out alike, and a skipped check has one row.
 */
export function rowsOf(report: Report): Row[] {
  const verdicts = verdictsInOrder(report)
  const told = verdicts.filter(
    (verdict, index) => !repeats(verdict, verdicts.toSpliced(index)) && !echoes(verdict, verdicts),
  )
  return told.map((verdict) => ({
    check: nameOf(verdict, report),
    status: verdict.status,
    broke: brokenLayer(verdict, report),
    measured: measuredCell(verdict),
    samples: samplesCell(verdict),
  }))
}

/** Whether a row above says of the same check that it was not tried, and why. */
function repeats(verdict: CheckedVerdict, above: readonly CheckedVerdict[]): boolean {
  if (verdict.status !== 'skipped') return false
  return above.some((other) => isAlike(other, verdict) && other.why === verdict.why)
}

/** Whether a check's own "all attempts good" adds nothing to what was promised of it by name. */
function echoes(verdict: CheckedVerdict, all: readonly CheckedVerdict[]): boolean {
  if (!isImplicit(verdict)) return false
  return all.some((other) => !isImplicit(other) && other.role === 'promise' && isAlike(other, verdict))
}

function isImplicit({objective, indicator, checks}: CheckedVerdict): boolean {
  return indicator === ATTEMPT && checks.length === 1 && checks[0] === objective
}

function isAlike(one: CheckedVerdict, other: CheckedVerdict): boolean {
  return one.status === other.status && one.target === other.target && subjectOf(one) === subjectOf(other)
}

export function verdictsInOrder({verdicts}: Report): CheckedVerdict[] {
  const decides = ({role}: CheckedVerdict) => (role === 'promise' ? 0 : 1)
  return verdicts.toSorted((a, b) => decides(a) - decides(b) || compareStatus(a.status, b.status))
}

/** The checks behind a verdict, with the target where the same checks have several. */
export function nameOf(verdict: CheckedVerdict, {verdicts}: Report): string {
  const {target} = verdict
  const name = subjectOf(verdict)
  const fleet = verdicts.some((other) => other.target !== target && subjectOf(other) === name)
  return fleet ? `${name} @ ${target}` : name
}

export function brokenLayer({status, failure, checks, target, bounds}: CheckedVerdict, report: Report): string {
  if (status === 'pass') return ''
  if (status === 'skipped') return 'not tried'
  const check = report.checks.find((one) => one.target === target && checks.includes(one.check))
  if (failure) return layerOf(failure, check?.probe ?? '')
  return bounds.some(({met, max}) => met === false && max !== undefined) ? 'slow' : ''
}

function measuredCell(verdict: CheckedVerdict): string {
  const {title, role, assumed, status, why} = verdict
  const marks = [...(role === 'load' ? ['load'] : []), ...(assumed ? ['assumed'] : [])]
  const name = marks.length > 0 ? `${title} (${marks.join(', ')})` : title
  return status === 'skipped' && why ? why : `${name}: ${measured(verdict)}`
}

function samplesCell(verdict: CheckedVerdict): string {
  const bound = tellingBound(verdict)
  if (!bound || bound.tally.total === 0) return 'none'
  const {good, total, estimated} = bound.tally
  const count = `${estimated ? '~' : ''}${Math.round(good * 10) / 10}/${total}`
  return `${count}, ${percentRange(bound.interval)}${verdict.few ? ' (few)' : ''}`
}
