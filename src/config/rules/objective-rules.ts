import {ATTEMPT} from '../../core/event.ts'
import type {Config} from '../config-schema.ts'
import type {Explanation} from '../explain.ts'
import {nearest, unknownName} from '../nearest.ts'
import type {BoundSettings} from '../objective-schema.ts'
import {wrong, type Names} from '../rule.ts'

export function objectivesNameChecks({objectives}: Config, names: Names): Explanation[] {
  return Object.entries(objectives).flatMap(([id, {of}]) =>
    (of?.checks ?? []).flatMap((check, index) =>
      names.checks.has(check)
        ? []
        : wrong(['objectives', id, 'of', 'checks', index], unknownName('a check', check, [...names.checks])),
    ),
  )
}

/** An indicator that nothing delivers may belong to a check that is switched off; one that nearly fits is misspelt. */
export function indicatorsAreSpeltRight({objectives}: Config, {indicators}: Names): Explanation[] {
  return Object.entries(objectives).flatMap(([id, {indicator, sources}]) => {
    const meant = indicators.has(indicator) || indicator === ATTEMPT ? undefined : nearest(indicator, indicators)
    if (meant === undefined || !sources.includes('probe')) return []
    return wrong(['objectives', id, 'indicator'], unknownName('an indicator', indicator, [...indicators]))
  })
}

export function objectivesHaveBounds({objectives}: Config): Explanation[] {
  return Object.entries(objectives).flatMap(([id, {target, alert, page}]) =>
    (target ?? alert ?? page)
      ? []
      : wrong(['objectives', id], 'expected a target, an alert or a page, got nothing', 'key'),
  )
}

/** Nothing takes no time at all, nor is there less than nothing of anything. */
export function limitsCanBeMet({objectives}: Config): Explanation[] {
  return Object.entries(objectives).flatMap(([id, {unit, target, alert, page}]) =>
    Object.entries({target, alert, page}).flatMap(([level, bound]) => {
      const max = bound?.max
      const isTime = unit === 'ms' || unit === 's'
      if (unit === undefined || max === undefined || max > 0 || (max === 0 && !isTime)) return []
      return wrong(
        ['objectives', id, level, 'max'],
        `expected a number ${isTime ? 'above 0' : 'not below 0'} of the unit ${unit}, got ${max}`,
      )
    }),
  )
}

/** Over the same window an alert cannot be crossed before its target is missed. `for` and `consecutive` are windows of their own. */
export function alertsAreNotStricterThanTargets({objectives}: Config): Explanation[] {
  return Object.entries(objectives).flatMap(([id, {target, alert, page}]) => {
    const pairs = [
      {lax: alert, strict: target, level: 'alert', than: 'the target'},
      {lax: page, strict: alert ?? target, level: 'page', than: alert ? 'the alert' : 'the target'},
    ]
    return pairs.flatMap(({lax, strict, level, than}) => {
      if (!lax || !strict || lax.for !== undefined || lax.consecutive !== undefined) return []
      const tighter = tighterIn(lax, strict)
      if (!tighter) return []
      return wrong(
        ['objectives', id, level, tighter],
        `expected nothing stricter than ${than} (${strict[tighter] ?? 'none'}), got ${lax[tighter] ?? 'none'}`,
      )
    })
  })
}

function tighterIn(bound: BoundSettings, than: BoundSettings): 'share' | 'max' | 'min' | undefined {
  if (bound.share > than.share) return 'share'
  if (bound.max !== undefined && bound.max < (than.max ?? Infinity) && bound.share >= than.share) return 'max'
  if (bound.min !== undefined && bound.min > (than.min ?? -Infinity) && bound.share >= than.share) return 'min'
  return undefined
}
