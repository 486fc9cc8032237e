import type {Bound, Level, Objective} from '../core/objective.ts'
import type {PrometheusSource} from '../core/prometheus-source.ts'
import type {Config} from './config-schema.ts'
import type {BoundSettings, ObjectiveSettings} from './objective-schema.ts'

/** The objectives as they are judged. */
export function objectivesOf({objectives}: Pick<Config, 'objectives'>): Objective[] {
  return Object.entries(objectives).map(([id, objective]) => objectiveOf(id, objective))
}

function objectiveOf(id: string, settings: ObjectiveSettings): Objective {
  const {title, indicator, unit, of, sources, kind, role, minEvents, prometheus, window, assumed} = settings
  return {
    id,
    title,
    indicator,
    sources,
    kind,
    role,
    minEvents,
    bounds: levels.flatMap((level) => {
      const bound = settings[level]
      return bound ? [boundOf(level, bound)] : []
    }),
    ...(unit !== undefined && {unit}),
    ...(of && {of: {...(of.checks && {checks: of.checks}), ...(of.tags && {tags: of.tags})}}),
    ...(prometheus && {prometheus: sourceOf(prometheus)}),
    ...(window !== undefined && {windowMs: window}),
    ...(assumed !== undefined && {assumed}),
  }
}

function sourceOf(source: NonNullable<ObjectiveSettings['prometheus']>): PrometheusSource {
  if ('good' in source) return {good: [source.good].flat(), total: [source.total].flat()}
  if ('bad' in source) return {bad: [source.bad].flat(), total: [source.total].flat()}
  return source
}

const levels: readonly Level[] = ['target', 'alert', 'page']

function boundOf(level: Level, bound: BoundSettings): Bound {
  const {share, min, max, sign, consecutive, severity, runbook, summary} = bound
  return {
    level,
    share,
    severity,
    ...(min !== undefined && {min}),
    ...(max !== undefined && {max}),
    ...((sign === '<' || sign === '>') && {strict: true}),
    ...(bound.for !== undefined && {forMs: bound.for}),
    ...(consecutive !== undefined && {consecutive}),
    ...(runbook !== undefined && {runbook}),
    ...(summary !== undefined && {summary}),
  }
}
