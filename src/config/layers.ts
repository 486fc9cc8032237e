import {type JsonObject, isJsonObject} from '../core/json.ts'
import {access} from 'node:fs/promises'
import {resolve} from 'node:path'
import {withDialects} from './dialects.ts'
import {interpolate} from './interpolate.ts'
import {plainLayer, type Layer} from './layer.ts'
import type {Place} from './mistake.ts'
import {DEFAULT_PROFILE, readProfile} from './profiles.ts'
import {writtenOut} from './shorthand.ts'
import {readYamlLayer} from './yaml-layer.ts'

/** What the command line says of the configuration. */
export interface ConfigFlags {
  readonly config?: string | undefined
  readonly profile?: string | undefined
  readonly instance?: string | undefined
  readonly location?: string | undefined
  /** Addresses by target name. */
  readonly targets?: Readonly<Record<string, string | readonly string[]>> | undefined
}

export interface ConfigRequest {
  readonly flags?: ConfigFlags
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The file that is read when none is named. */
const CONFIG_FILE = 'probe.yaml'

/** Everything that says something, the weakest first: profile, file, environment, flags. */
export async function readLayers({flags = {}, env, cwd}: ConfigRequest): Promise<Layer[]> {
  const deployment = [...(await readConfigFile({flags, env, cwd})), environmentLayer(env), flagsLayer(flags)].map(
    writtenOut,
  )
  const chosen = deployment.findLast(({value}) => typeof value.profile === 'string')
  const name = chosen?.value.profile
  const place: Place = chosen?.locate(['profile']).place ?? {source: CONFIG_FILE}
  const profile = await readProfile({
    name: typeof name === 'string' ? interpolate(name, env).text : DEFAULT_PROFILE,
    folder: chosen?.folder ?? cwd,
    cwd,
    mistake: {place, path: ['profile']},
  })
  const slug = profile.findLast(({value}) => typeof value.name === 'string')?.value.name ?? DEFAULT_PROFILE
  const defaults = plainLayer('defaults', {profile: DEFAULT_PROFILE, instance: slug}, () => '')
  return withDialects([defaults, ...profile.map(writtenOut), ...deployment], {cwd, env})
}

/** A file that is named must be there; `probe.yaml` may be absent. */
async function readConfigFile({flags = {}, env, cwd}: ConfigRequest): Promise<Layer[]> {
  const named = flags.config ?? nonEmpty(env.PROBE_CONFIG)
  if (named !== undefined) return [await readYamlLayer(named, cwd)]
  const exists = await access(resolve(cwd, CONFIG_FILE)).then(
    () => true,
    () => false,
  )
  return exists ? [await readYamlLayer(CONFIG_FILE, cwd)] : []
}

const TARGET_PREFIX = 'PROBE_TARGET_'

/** `PROBE_PROFILE`, `PROBE_INSTANCE`, `PROBE_LOCATION`, and `PROBE_TARGET_<NAME>` with one address or several between spaces. */
function environmentLayer(env: ConfigRequest['env']): Layer {
  const variables: Readonly<Record<string, string>> = {
    profile: 'PROBE_PROFILE',
    instance: 'PROBE_INSTANCE',
    location: 'PROBE_LOCATION',
  }
  const plain = Object.entries(variables).flatMap(([name, variable]) => {
    const value = nonEmpty(env[variable])
    return value === undefined ? [] : [[name, value] as const]
  })
  const targets = Object.entries(env).flatMap(([variable, value]) => {
    if (!variable.startsWith(TARGET_PREFIX) || !nonEmpty(value)) return []
    const name = variable.slice(TARGET_PREFIX.length).toLowerCase().replaceAll('_', '-')
    const addresses = (value ?? '').trim().split(/\s+/)
    return [[name, addresses.length === 1 ? (addresses[0] ?? '') : addresses] as const]
  })
  const value: JsonObject = {...Object.fromEntries(plain), ...section('targets', Object.fromEntries(targets))}
  return plainLayer('environment', value, ([first, second]) => {
    if (first !== 'targets') return variables[String(first)] ?? ''
    return (
      TARGET_PREFIX +
      String(second ?? '<NAME>')
        .toUpperCase()
        .replaceAll('-', '_')
    )
  })
}

function flagsLayer({profile, instance, location, targets = {}}: ConfigFlags): Layer {
  const value: JsonObject = {
    ...(profile !== undefined && {profile}),
    ...(instance !== undefined && {instance}),
    ...(location !== undefined && {location}),
    ...section('targets', targets),
  }
  return plainLayer('flags', value, ([first]) => `--${first === 'targets' ? 'target' : String(first)}`)
}

function section(name: string, value: JsonObject): JsonObject {
  return isJsonObject(value) && Object.keys(value).length > 0 ? {[name]: value} : {}
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text
}
