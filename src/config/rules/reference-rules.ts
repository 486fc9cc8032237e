import type {Config} from '../config-schema.ts'
import type {Explanation} from '../explain.ts'
import type {Path} from '../mistake.ts'
import {unknownName} from '../nearest.ts'
import {wrong, type Names} from '../rule.ts'

export function runbooksExist({checks, objectives, alerts}: Config, {runbooks}: Names): Explanation[] {
  const references: (readonly [Path, string | undefined])[] = [
    ...Object.entries(checks).map(([name, {runbook}]) => [['checks', name, 'runbook'], runbook] as const),
    ...Object.entries(alerts).map(([name, {runbook}]) => [['alerts', name, 'runbook'], runbook] as const),
    ...Object.entries(objectives).flatMap(([id, objective]) =>
      (['target', 'alert', 'page'] as const).map(
        (level) => [['objectives', id, level, 'runbook'], objective[level]?.runbook] as const,
      ),
    ),
  ]
  return references.flatMap(([path, runbook]) =>
    runbook === undefined || runbooks.has(runbook) ? [] : wrong(path, unknownName('a runbook', runbook, [...runbooks])),
  )
}

export function receiversExist({routing}: Config): Explanation[] {
  if (!routing) return []
  const known = Object.keys(routing.receivers)
  const named: (readonly [Path, string])[] = [
    [['routing', 'receiver'], routing.receiver],
    ...routing.routes.map(({receiver}, index) => [['routing', 'routes', index, 'receiver'], receiver] as const),
  ]
  return named.flatMap(([path, receiver]) =>
    known.includes(receiver) ? [] : wrong(path, unknownName('a receiver', receiver, known)),
  )
}

export function alertPathLeadsSomewhere({alert_path: way, objectives}: Config, {endpoints}: Names): Explanation[] {
  if (!way) return []
  const {objective, target} = way
  return [
    ...(objectives[objective]
      ? []
      : wrong(['alert_path', 'objective'], unknownName('an objective', objective, Object.keys(objectives)))),
    ...(endpoints.has(target) ? [] : wrong(['alert_path', 'target'], unknownName('a target', target, [...endpoints]))),
  ]
}
