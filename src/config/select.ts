import {UserError} from '../core/errors.ts'
import {unknownName} from './nearest.ts'
import type {Plan} from './plan.ts'

export interface Selection {
  readonly names?: readonly string[]
  readonly tags?: readonly string[]
}

/** Narrows a plan to some checks: those that are named, and those with one of the tags. Needs that are left out block nobody. */
export function select(plan: Plan, {names = [], tags = []}: Selection): Plan {
  if (names.length === 0 && tags.length === 0) return plan
  refuseUnknown('a check', names, [...plan.checks.map(({name}) => name), ...plan.missing.map(({check}) => check)])
  refuseUnknown(
    'a tag',
    tags,
    plan.checks.flatMap((check) => check.tags),
  )
  const chosen = plan.checks.filter(
    (check) => names.includes(check.name) || check.tags.some((tag) => tags.includes(tag)),
  )
  const kept = new Set(chosen.map(({name}) => name))
  return {
    ...plan,
    selection: 'narrowed',
    checks: chosen.map((check) => ({...check, needs: check.needs.filter((need) => kept.has(need))})),
    missing: plan.missing.filter(({check}) => names.includes(check)),
  }
}

function refuseUnknown(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new UserError(unknown.map((name) => unknownName(kind, name, [...new Set(known)])).join('\n'))
}
