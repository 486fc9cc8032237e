import {formatMs} from '../core/duration.ts'
import {shareOf} from '../core/stats.ts'
import type {BoundVerdict, CheckedVerdict} from '../core/verdict.ts'
import {percent} from './share.ts'

/** What was measured against what was promised, in the document's sign: "p95 12.3 ms < 200 ms", "91 %, not >= 95 %". */
export function measured(verdict: CheckedVerdict): string {
  const bound = tellingBound(verdict)
  if (!bound) return 'nothing promised'
  const share = shareOf(bound.tally)
  if (share === null) return `no data, promised ${promise(bound, verdict)}`
  if (bound.consecutive !== undefined) {
    return `${bound.tally.worstRun ?? 0} bad running, ${bound.met ? '' : 'not '}fewer than ${bound.consecutive}`
  }
  if (bound.min === undefined && bound.max === undefined) {
    return bound.met
      ? `${percent(share)}${bound.share === 1 ? '' : ` ${promise(bound, verdict)}`}`
      : `${percent(share)}, not ${promise(bound, verdict)}`
  }
  return againstLimits(bound, share, verdict)
}

/** The bound that a reader asks about: the promise, unless it was kept and another was not. */
export function tellingBound({bounds}: CheckedVerdict): BoundVerdict | undefined {
  const target = bounds.find(({level}) => level === 'target') ?? bounds[0]
  if (target?.met === false) return target
  return bounds.find(({met}) => met === false) ?? target
}

/**
 * A latency reads as its quantile as long as that tells the outcome. Where events failed or got lost, those that came
 * may all have been in time: then the share is what was measured.
 */
function againstLimits(bound: BoundVerdict, share: number, verdict: CheckedVerdict): string {
  const limits = limitsOf(bound, verdict)
  const quantile = verdict.measured && bound === promised(verdict) ? verdict.measured.value : undefined
  const {min, max = Infinity} = bound
  if (quantile !== undefined && min === undefined) {
    const name = bound.share === 1 ? 'max' : `p${Number((bound.share * 100).toFixed(3))}`
    const text = `${name} ${inUnit(quantile, verdict)}`
    if (bound.met) return `${text} ${limits}`
    if (quantile > max || (bound.strict && quantile === max)) return `${text}, not ${limits}`
  }
  return `${percent(share)} ${limits}, ${bound.met ? 'promised' : 'not'} ${percent(bound.share)}`
}

/** `measured.value` is the quantile of this bound. */
function promised({bounds}: CheckedVerdict): BoundVerdict | undefined {
  return bounds.find(({level}) => level === 'target') ?? bounds[0]
}

/** What a bound promises: "95 % < 200 ms". */
export function promise(bound: BoundVerdict, verdict: CheckedVerdict): string {
  const {share, strict, consecutive, min, max} = bound
  if (consecutive !== undefined) return `fewer than ${consecutive} bad running`
  if (min !== undefined || max !== undefined) return `${percent(share)} ${limitsOf(bound, verdict)}`
  if (share === 1) return '100 %'
  return `${strict ? '>' : '>='} ${percent(share)}`
}

function limitsOf({min, max, strict}: BoundVerdict, verdict: CheckedVerdict): string {
  if (min !== undefined && max !== undefined) return `within ${inUnit(min, verdict)} and ${inUnit(max, verdict)}`
  if (max !== undefined) return `${strict ? '<' : '<='} ${inUnit(max, verdict)}`
  return `${strict ? '>' : '>='} ${inUnit(min ?? 0, verdict)}`
}

function inUnit(value: number, {unit}: CheckedVerdict): string {
  if (unit === 'ms') return formatMs(value).replace(/\.0 /, ' ')
  return [Math.round(value * 1000) / 1000, unit].filter((part) => part !== undefined).join(' ')
}
