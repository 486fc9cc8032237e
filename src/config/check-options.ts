import {type JsonObject, isJsonObject} from '../core/json.ts'
import {probes} from '../probes/index.ts'
import type {Probe} from '../probes/probe.ts'
import {checkFields} from './check-schema.ts'

/** The probe that a check names, or undefined if there is none of that name. */
export function probeOf({probe}: JsonObject): Probe | undefined {
  const known: Readonly<Record<string, Probe>> = probes
  return typeof probe === 'string' && Object.hasOwn(known, probe) ? known[probe] : undefined
}

/** The probe's own options of a check, as they are written: its schema parses them, once. */
export function optionsIn(check: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(check).filter(([field]) => field !== 'probe' && !(field in checkFields)))
}

/** The indicators that some check delivers. For settings whose shape is known to be right. */
export function indicatorsOf({checks}: JsonObject): ReadonlySet<string> {
  const settings = isJsonObject(checks) ? Object.values(checks).filter(isJsonObject) : []
  return new Set(settings.flatMap((check) => Object.keys(probeOf(check)?.owes(optionsIn(check)) ?? {})))
}
