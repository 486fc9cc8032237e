import type {Json, JsonObject} from '../core/json.ts'
import {stringify} from 'yaml'
import {redactJson, redactUrl} from '../core/redact.ts'
import {configSchema} from './config-schema.ts'
import type {Path} from './mistake.ts'
import {replaceLeaves} from './replace-leaves.ts'
import type {ResolvedConfig} from './resolve-config.ts'
import {leaves} from './walk-schema.ts'

/** A configuration as it may be shown: all layers merged, secrets masked by their place and by their value. */
export function showConfig({settings, secrets}: Pick<ResolvedConfig, 'settings' | 'secrets'>): JsonObject {
  const masked = leaves(configSchema, settings).map(({path, value, facets}): readonly [Path, Json] => {
    if (facets.some(({secret}) => secret)) return [path, '[redacted]']
    return [path, typeof value === 'string' && isAddress(path) ? redactUrl(value) : value]
  })
  return redactJson(replaceLeaves(settings, masked), secrets)
}

/** The same as YAML. */
export function formatYaml(value: JsonObject): string {
  return stringify(value, {lineWidth: 120, aliasDuplicateObjects: false})
}

function isAddress([section, , field]: Path): boolean {
  return (
    (section === 'targets' && field === 'address') ||
    section === 'reference' ||
    (section === 'sinks' && field === 'url')
  )
}
