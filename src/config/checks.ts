import {type JsonObject, isJsonObject} from '../core/json.ts'
import type {Check} from '../probes/check.ts'
import {targetOf} from '../probes/target.ts'
import {optionsIn} from './check-options.ts'
import type {CheckSettings} from './check-schema.ts'
import {withLimits} from './contract-limits.ts'
import {objectivesOf} from './objectives.ts'
import type {ResolvedConfig} from './resolve-config.ts'

/** A check that cannot be run, because nobody said where its target is. */
export interface MissingCheck {
  readonly check: string
  readonly probe: string
  readonly target: string
  readonly tags: readonly string[]
  readonly why: string
}

export interface Checks {
  readonly checks: readonly Check[]
  readonly missing: readonly MissingCheck[]
}

/** One check for each address of its target. Needs of checks that are switched off or have no address are dropped. */
export function checksOf({config, settings}: Pick<ResolvedConfig, 'config' | 'settings'>): Checks {
  const entries = Object.entries(config.checks)
  const runnable = new Set(entries.filter(([, {target}]) => config.targets[target]).map(([name]) => name))
  return {
    checks: entries.flatMap(([name, check]) => {
      const target = config.targets[check.target]
      if (!target) return []
      const needs = check.needs.filter((need) => runnable.has(need))
      const own = isJsonObject(settings.checks) ? settings.checks[name] : undefined
      const options = isJsonObject(own) ? limited(optionsIn(own), config) : {}
      return [target.address].flat().map((address) => checkOf(name, {...check, needs}, {address, options}))
    }),
    missing: entries.flatMap(([name, {probe, target, tags}]) =>
      runnable.has(name) ? [] : [{check: name, probe, target, tags, why: `no address for the target ${target}`}],
    ),
  }
}

/** What a page of metrics has to tell is for the objectives to say, too. */
function limited(options: JsonObject, config: Pick<ResolvedConfig['config'], 'objectives'>): JsonObject {
  const {contract} = options
  return isJsonObject(contract) ? {...options, contract: withLimits(contract, objectivesOf(config))} : options
}

function checkOf(
  name: string,
  check: CheckSettings,
  {address, options}: {address: string; options: JsonObject},
): Check {
  const {probe, attempts, every, timeout, needs, tags, family, runbook} = check
  return {
    name,
    probe,
    target: targetOf(address, family),
    options,
    attempts,
    intervalMs: every,
    timeoutMs: timeout,
    needs,
    tags,
    ...(runbook !== undefined && {runbook}),
  }
}
