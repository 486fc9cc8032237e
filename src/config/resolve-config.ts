import {type JsonObject, isJsonObject} from '../core/json.ts'
import {resolve} from 'node:path'
import {redactText} from '../core/redact.ts'
import {indicatorsOf} from './check-options.ts'
import {configSchema, type Config} from './config-schema.ts'
import {explain, type Explanation} from './explain.ts'
import {inherit} from './inherit.ts'
import {locate, type Layer} from './layer.ts'
import {readLayers, type ConfigRequest} from './layers.ts'
import {mergeLayers} from './merge.ts'
import {ConfigError, type Mistake, type Path} from './mistake.ts'
import {resolveReferences} from './references.ts'
import type {Names} from './rule.ts'
import {rules} from './rules.ts'
import {withoutSwitchedOff} from './switched-off.ts'

/** A configuration in which everything is known and nothing is wrong. */
export interface ResolvedConfig {
  readonly config: Config
  /** The same before defaults and conversions, with what checks inherit: what the probes' own schemas are given. */
  readonly settings: JsonObject
  readonly secrets: readonly string[]
  /** Something that is wrong beyond what is checked here, with the place where it is written. */
  readonly mistakeAt: (path: Path, message: string) => Mistake
  /** The sections that somebody wrote, in a profile or a config that does not come with the program. */
  readonly written: ReadonlySet<string>
}

/** Reads, merges, fills in and checks a configuration. All its mistakes come in one ConfigError. */
export async function resolveConfig(request: ConfigRequest): Promise<ResolvedConfig> {
  return checkLayers(await readLayers(request), request.env)
}

async function checkLayers(layers: readonly Layer[], env: ConfigRequest['env']): Promise<ResolvedConfig> {
  const merged = mergeLayers(layers, configSchema)
  const {config: written, unknown} = withoutSwitchedOff(merged)
  const {value, secrets, mistakes: unresolved} = await resolveReferences(written, {layers, schema: configSchema, env})
  const {value: settings, originOf} = inherit(value)
  const {config, explanations} = check(
    besideItsFile(settings, layers),
    inherit(written).value,
    namesOf(layers, settings),
  )
  const known = new Set(unresolved.map(({path}) => JSON.stringify(path)))
  const found = [...unknown, ...explanations]
    .map((one) => ({...one, path: originOf(one.path)}))
    .filter(({path}) => !known.has(JSON.stringify(path)))
    .map(({path, message, at}) => blame(layers, {path, at, message: redactText(message, secrets)}))
  const mistakes = [...unresolved, ...found]
  if (mistakes.length > 0 || !config) throw new ConfigError(mistakes)
  return {
    config,
    settings,
    secrets,
    mistakeAt: (path, message) => blame(layers, {path: originOf(path), at: 'value', message}),
    written: new Set(layers.filter(({builtIn}) => !builtIn).flatMap(({value}) => Object.keys(value))),
  }
}

/** A history lies where the file that names it does, from wherever the program is started. */
function besideItsFile(settings: JsonObject, layers: readonly Layer[]): JsonObject {
  const {history} = settings
  const folder = layers.findLast(({value}) => value.history !== undefined)?.folder
  return typeof history === 'string' && folder !== undefined
    ? {...settings, history: resolve(folder, history)}
    : settings
}

function blame(layers: readonly Layer[], {path, message, at}: Explanation): Mistake {
  const location = locate(layers, path, at)
  return {message, path: location.path, place: location.place}
}

/** Shape first, then the rules. What has no shape is left out for the rules, so that both kinds of mistakes come together. */
function check(settings: JsonObject, written: JsonObject, names: Names) {
  const context = {schema: configSchema, document: settings, written}
  const whole = configSchema.safeParse(settings)
  if (whole.success)
    return {
      config: whole.data,
      explanations: rules.flatMap((rule) => rule(whole.data, {...names, indicators: indicatorsOf(settings)})),
    }
  const explanations = whole.error.issues.flatMap((issue) => explain(issue, context))
  const sound = configSchema.safeParse(without(settings, explanations))
  const broken = sound.success ? rules.flatMap((rule) => rule(sound.data, names)) : []
  return {config: undefined, explanations: [...explanations, ...broken]}
}

/** The document without the entries that are wrong: one check, one objective, one sink. */
function without(settings: JsonObject, wrong: readonly Explanation[]): JsonObject {
  const result = new Map(Object.entries(settings))
  for (const {
    path: [section, entry],
  } of wrong) {
    const value = result.get(String(section))
    if (!isJsonObject(value) || entry === undefined) result.delete(String(section))
    else
      result.set(String(section), Object.fromEntries(Object.entries(value).filter(([name]) => name !== String(entry))))
  }
  return Object.fromEntries(result)
}

/** Every name that any layer gives, so that what is switched off or broken is not called unknown. */
function namesOf(layers: readonly Layer[], settings: JsonObject): Names {
  const namesIn = (section: string): ReadonlySet<string> =>
    new Set(
      [settings, ...layers.map(({value}) => value)].flatMap(({[section]: value}) =>
        isJsonObject(value) ? Object.keys(value) : [],
      ),
    )
  return {
    checks: namesIn('checks'),
    runbooks: namesIn('runbooks'),
    targets: namesIn('targets'),
    endpoints: namesIn('endpoints'),
    indicators: new Set(),
  }
}
