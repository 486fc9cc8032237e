import type {Contract} from '../../core/contract.ts'
import type {Objective} from '../../core/objective.ts'
import {factorOf, type PrometheusSource} from '../../core/prometheus-source.ts'
import {familyOf} from '../selector.ts'
import type {LintFinding} from './lint.ts'

/** What cannot hold together: an objective, its source, and the family that it is read from. */
export function contradictions(objective: Objective, contract: Contract): LintFinding[] {
  const {id, prometheus: source} = objective
  const at = (message: string, ...steps: string[]): LintFinding => ({
    path: ['objectives', id, ...steps],
    message,
    gravity: 'mistake',
  })
  if (!source) return [at('expected `prometheus` beside the source "prometheus", got nothing', 'sources')]
  return [
    ...ofUnits(objective, source).map((message) => at(message, 'prometheus', 'unit')),
    ...ofTypes(source, contract).map((message) => at(message, 'prometheus')),
    ...limitless(objective, source).map(([level, message]) => at(message, level)),
    ...ofPromisedUnit(source, contract).map((message) => at(message, 'prometheus', 'unit')),
  ]
}

function ofUnits({unit}: Objective, source: PrometheusSource): string[] {
  if (!('unit' in source) || unit === undefined || factorOf(unit, source.unit) !== null) return []
  return [`expected a unit that ${unit} can be converted to, got ${source.unit}`]
}

function ofPromisedUnit(source: PrometheusSource, contract: Contract): string[] {
  if (!('histogram' in source)) return []
  const promised = contract[source.histogram]?.unit
  return promised === undefined || promised === source.unit
    ? []
    : [`expected ${promised}, as \`metrics\` says of ${source.histogram}, got ${source.unit}`]
}

function ofTypes(source: PrometheusSource, contract: Contract): string[] {
  const wanted = (names: readonly string[], type: string) =>
    names.flatMap((name) => {
      const promised = contract[familyOf(name)]?.type
      return promised === undefined || promised === type
        ? []
        : [`expected a ${type}, got ${familyOf(name)}, a ${promised} by \`metrics\``]
    })
  if ('histogram' in source) return wanted([source.histogram], 'histogram')
  if ('level' in source || 'up' in source) return []
  return wanted([...('good' in source ? source.good : source.bad), ...source.total], 'counter')
}

/** What is counted below a limit needs one. */
function limitless({bounds}: Objective, source: PrometheusSource): [level: string, message: string][] {
  if (!('histogram' in source) && !('level' in source)) return []
  return bounds
    .filter(({min, max}) => min === undefined && max === undefined)
    .map(({level}) => [
      level,
      `expected \`max\` or \`min\` on what is measured as a ${'histogram' in source ? 'histogram' : 'level'}, got neither`,
    ])
}
