import {expressionsOf} from './config/expressions.ts'
import type {Config} from './config/config-schema.ts'
import type {ConfigRequest} from './config/layers.ts'
import {ConfigError} from './config/mistake.ts'
import {objectivesOf} from './config/objectives.ts'
import {resolveConfig, type ResolvedConfig} from './config/resolve-config.ts'
import type {Objective} from './core/objective.ts'
import type {Expression, LintFinding} from './slo/lint/lint.ts'

/** What the commands on objectives need of profile and config: no targets, and no query that cannot work. */
export interface SloProfile {
  readonly config: Config
  readonly objectives: readonly Objective[]
  readonly expressions: readonly Expression[]
  /** What is odd about the queries, and may work all the same. */
  readonly doubts: readonly LintFinding[]
  readonly secrets: readonly string[]
  readonly mistakeAt: ResolvedConfig['mistakeAt']
}

/** Reads profile and config, and every query in them. Throws a ConfigError that holds every mistake, with its place. */
export async function loadSloProfile(request: ConfigRequest): Promise<SloProfile> {
  return sloProfileOf(await resolveConfig(request))
}

/** What PromQL is written in, or held against. */
const sections = ['objectives', 'alerts', 'recording_rules', 'dashboards', 'peak', 'metrics']

/** Whether somebody wrote queries, or what they are held against: those that come with the program are sound. */
export function asksPrometheus({written}: ResolvedConfig): boolean {
  return sections.some((section) => written.has(section))
}

/** The grammar of PromQL is loaded here and not before: most commands ask Prometheus nothing. */
export async function sloProfileOf({config, secrets, mistakeAt}: ResolvedConfig): Promise<SloProfile> {
  const {lint} = await import('./slo/lint/lint.ts')
  const objectives = objectivesOf(config)
  const expressions = expressionsOf(config)
  const found = lint({objectives, contract: config.metrics, expressions})
  const mistakes = found.filter(({gravity}) => gravity === 'mistake')
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(({path, message}) => mistakeAt(path, message)))
  return {config, objectives, expressions, doubts: found, secrets, mistakeAt}
}

/** How often the system is scraped: the profile's own word, else a minute, which every Prometheus can answer. */
export function scrapeInterval({scrape}: Pick<Config, 'scrape'>): number {
  return scrape?.interval ?? 60_000
}
