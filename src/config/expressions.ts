import type {Config} from './config-schema.ts'
import type {Path} from './mistake.ts'

/** Every PromQL expression of a configuration, with the way to it. */
export function expressionsOf({
  objectives,
  alerts,
  recording_rules,
  dashboards,
  peak,
}: Config): {path: Path; query: string}[] {
  return [
    ...Object.entries(objectives).flatMap(([id, {prometheus = {}}]) =>
      Object.entries(prometheus)
        .filter(([name]) => name !== 'unit')
        .flatMap(([name, value]) => listed(['objectives', id, 'prometheus', name], value)),
    ),
    ...Object.entries(alerts).map(([name, {expr}]) => ({path: ['alerts', name, 'expr'], query: expr})),
    ...Object.entries(recording_rules).map(([name, {expr}]) => ({
      path: ['recording_rules', name, 'expr'],
      query: expr,
    })),
    ...Object.entries(dashboards).flatMap(([name, {panels}]) =>
      panels.flatMap(({queries}, panel) =>
        queries.map(({expr}, index) => ({
          path: ['dashboards', name, 'panels', panel, 'queries', index, 'expr'],
          query: expr,
        })),
      ),
    ),
    ...(peak?.query === undefined ? [] : [{path: ['peak', 'query'], query: peak.query}]),
  ]
}

function listed(path: Path, value: string | string[]): {path: Path; query: string}[] {
  if (typeof value === 'string') return [{path, query: value}]
  return value.map((query, index) => ({path: [...path, index], query}))
}
