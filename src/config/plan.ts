import {UserError} from '../core/errors.ts'
import type {Objective} from '../core/objective.ts'
import type {Check} from '../probes/check.ts'
import {checksOf, type MissingCheck} from './checks.ts'
import type {Config} from './config-schema.ts'
import type {ConfigRequest} from './layers.ts'
import {objectivesOf} from './objectives.ts'
import {resolveConfig, type ResolvedConfig} from './resolve-config.ts'
import type {Sinks} from './sink-schema.ts'

/** What a run is asked to do, as profile and config say it. */
export interface Plan {
  readonly profile: string
  readonly instance: string
  readonly location: string
  readonly checks: readonly Check[]
  /** Checks that have no address: shown as skipped, with the reason. */
  readonly missing: readonly MissingCheck[]
  readonly objectives: readonly Objective[]
  readonly selection: 'all' | 'narrowed'
  readonly secrets: readonly string[]
  readonly reference?: {readonly host: string; readonly port: number}
  readonly sinks: Sinks
  /** The file that whole runs are added to. */
  readonly history?: string
  readonly runbooks: Config['runbooks']
  readonly peak?: NonNullable<Config['peak']>
  readonly drill: Config['drill']
}

/** Reads profile and config and makes a run of them. Throws a ConfigError that holds every mistake. */
export async function loadPlan(request: ConfigRequest): Promise<Plan> {
  return planOf(await resolveConfig(request))
}

export function planOf(resolved: ResolvedConfig): Plan {
  const {config, secrets} = resolved
  const {checks, missing} = checksOf(resolved)
  if (checks.length === 0) throw nothingToRun(config)
  return {
    profile: config.name,
    instance: config.instance,
    location: config.location,
    checks,
    missing,
    objectives: objectivesOf(config),
    selection: 'all',
    secrets,
    sinks: config.sinks,
    runbooks: config.runbooks,
    drill: config.drill,
    ...(config.history !== undefined && {history: config.history}),
    ...(config.peak && {peak: config.peak}),
    ...(config.reference !== undefined && {reference: hostAndPort(config.reference)}),
  }
}

function nothingToRun({name, checks, endpoints}: Config): UserError {
  if (Object.keys(checks).length === 0)
    return new UserError(`expected a check to run, got none: all of ${name} are switched off`)
  const [first = 'backend', endpoint] = Object.entries(endpoints)[0] ?? []
  const example = endpoint?.example ?? 'https://chat.example.org'
  return new UserError(
    `expected the address of at least one target (${Object.keys(endpoints).join(', ')}), got none`,
    `write it to probe.yaml ("targets: {${first}: ${example}}"), or set PROBE_TARGET_${first.toUpperCase().replaceAll('-', '_')}`,
  )
}

function hostAndPort(address: string): {host: string; port: number} {
  const colon = address.lastIndexOf(':')
  return {host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1))}
}
