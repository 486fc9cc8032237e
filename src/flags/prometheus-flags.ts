import * as Flags from '@oclif/core/flags'
import type {Config} from '../config/config-schema.ts'
import {UserError} from '../core/errors.ts'
import {urlSecrets} from '../core/redact.ts'
import type {RequestOptions} from '../probes/request-options.ts'
import {connectionOptions, type ConnectionOptions} from '../probes/connection-options.ts'
import {rejectPrometheus, type PrometheusAccess} from '../slo/prometheus/prometheus.ts'
import {authFlags, readAuth} from './auth-flags.ts'
import {connectionFlags, connectionInput} from './connection-flags.ts'
import {durationFlag} from './duration-flag.ts'

/** Which Prometheus is asked, and as whom. */
export const prometheusFlags = {
  prometheus: Flags.string({
    helpGroup: 'PROMETHEUS',
    helpValue: 'URL',
    summary: 'address of Prometheus (default: the target "prometheus" of the config)',
  }),
  timeout: durationFlag({
    helpGroup: 'PROMETHEUS',
    char: 't',
    min: 1,
    default: 10_000,
    defaultHelp: () => Promise.resolve('10s'),
    summary: 'how long one query may take',
  }),
  ...authFlags,
  ...connectionFlags,
}

type PrometheusFlags = Parameters<typeof readAuth>[0] &
  Parameters<typeof connectionInput>[0] & {readonly prometheus?: string | undefined; readonly timeout: number}

export interface PrometheusInput {
  readonly access: PrometheusAccess
  readonly secrets: readonly string[]
}

/** The flags' Prometheus, else the config's, with the credentials that stand beside it. Undefined where neither names one. */
export async function prometheusOf(
  flags: PrometheusFlags,
  {targets}: Pick<Config, 'targets'>,
  env: NodeJS.ProcessEnv,
): Promise<PrometheusInput | undefined> {
  const target = targets.prometheus
  const address = flags.prometheus ?? [target?.address].flat()[0]
  if (address === undefined) return undefined
  const wrong = rejectPrometheus(address)
  if (wrong) throw new UserError(`${flags.prometheus === undefined ? 'target prometheus' : '--prometheus'}: ${wrong}`)
  const {options, secrets} = await readAuth(flags, env)
  const beside = flags.prometheus === undefined && target ? besides(target) : {headers: {}}
  const way = await connectionInput(flags, address, env)
  const access = {...beside, ...options, ...way.options, address, timeoutMs: flags.timeout}
  return {access, secrets: [...secrets, ...way.secrets, ...urlSecrets(address)]}
}

/** What a target says of every check on it holds for us, too. */
function besides(
  target: NonNullable<Config['targets'][string]>,
): RequestOptions & ConnectionOptions & {family?: 4 | 6 | undefined} {
  const {headers = {}, auth, family} = target as Partial<RequestOptions> & {family?: 4 | 6}
  const way = Object.keys(connectionOptions).flatMap((name) => {
    const value = (target as Readonly<Record<string, unknown>>)[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {headers, ...(auth && {auth}), ...(family && {family}), ...Object.fromEntries(way)}
}
