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
  const all = [...plan.checks, ...plan.missing.map(({check: name, tags}) => ({name, tags}))]
  const known = {names: all.map(({name}) => name), tags: all.flatMap((check) => check.tags)}
  refuseUnknown('a check', names, known.names)
  refuseUnknown('a tag', tags, known.tags)
  const wanted = all.filter(({name, tags: own}) => names.includes(name) || own.some((tag) => tags.includes(tag)))
  const chosen = new Set(wanted.map(({name}) => name))
  return {
    ...plan,
    selection: 'narrowed',
    checks: plan.checks
      .filter(({name}) => chosen.has(name))
      .map((check) => ({...check, needs: check.needs.filter((need) => chosen.has(need))})),
    missing: plan.missing.filter(({check}) => chosen.has(check)),
  }
}

function refuseUnknown(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new UserError(unknown.map((name) => unknownName(kind, name, [...new Set(known)])).join('\n'))
}
