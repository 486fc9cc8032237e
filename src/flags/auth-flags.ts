import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'
import {promptSecret, readSecretFile} from './secret-input.ts'

const group = {helpGroup: 'REQUEST'} as const
/** Headers that carry credentials: their values may not stand on a command line. */
const sensitive = /^(authorization|proxy-authorization|cookie|x-api-key|x-auth-token)$/i

/** What a probe over HTTP sends besides its target. */
export const authFlags = {
  header: Flags.string({
    ...group,
    char: 'H',
    multiple: true,
    helpValue: "'NAME: VALUE'",
    summary: 'header to send; ${NAME} in the value is taken from the environment',
  }),
  'bearer-file': Flags.string({
    ...group,
    helpValue: 'FILE',
    summary: 'file that holds a bearer token (else PROBE_BEARER)',
    exclusive: ['user'],
  }),
  user: Flags.string({
    ...group,
    char: 'u',
    helpValue: 'NAME',
    summary: 'basic auth; the password comes from PROBE_PASSWORD, a file or a prompt',
  }),
  'password-file': Flags.string({
    ...group,
    helpValue: 'FILE',
    summary: 'file that holds the password of --user',
    dependsOn: ['user'],
  }),
}

interface AuthFlags {
  readonly header?: readonly string[] | undefined
  readonly 'bearer-file'?: string | undefined
  readonly user?: string | undefined
  readonly 'password-file'?: string | undefined
}

export interface AuthInput {
  readonly options: {
    readonly headers?: Readonly<Record<string, string>>
    readonly auth?: {readonly bearer: string} | {readonly basic: {readonly username: string; readonly password: string}}
  }
  /** Everything that came from the environment, a file or a prompt. */
  readonly secrets: readonly string[]
}

export async function readAuth(flags: AuthFlags, env: NodeJS.ProcessEnv): Promise<AuthInput> {
  const secrets: string[] = []
  const headers = Object.fromEntries((flags.header ?? []).map((line) => parseHeader(line, env, secrets)))
  const auth = await readCredentials(flags, env)
  if (auth) secrets.push('bearer' in auth ? auth.bearer : auth.basic.password)
  return {options: {...(flags.header && {headers}), ...(auth && {auth})}, secrets}
}

function parseHeader(line: string, env: NodeJS.ProcessEnv, secrets: string[]): [name: string, value: string] {
  const [, name, template] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? []
  if (!name || template === undefined) throw new UserError("--header: expected 'Name: value'")
  if (sensitive.test(name) && !template.includes('${')) {
    throw new UserError(
      `--header: the value of ${name} is a secret and may not stand on the command line`,
      `put it in the environment and write '${name}: \${NAME}' in single quotes`,
    )
  }
  const value = template.replace(/\$\{([A-Za-z_]\w*)\}/g, (_whole, variable: string) => {
    const found = env[variable]
    if (found === undefined) throw new UserError(`--header: the environment has no ${variable}, which ${name} asks for`)
    secrets.push(found)
    return found
  })
  return [name, value]
}

async function readCredentials(flags: AuthFlags, env: NodeJS.ProcessEnv): Promise<AuthInput['options']['auth']> {
  if (flags['bearer-file']) return {bearer: await readSecretFile(flags['bearer-file'], '--bearer-file')}
  if (flags.user) {
    const file = flags['password-file']
    const password = file
      ? await readSecretFile(file, '--password-file')
      : (env.PROBE_PASSWORD ?? (await promptSecret(`Password of ${flags.user}: `)))
    if (!password) throw new UserError(`no password for ${flags.user}`, 'set PROBE_PASSWORD or give --password-file')
    return {basic: {username: flags.user, password}}
  }
  return env.PROBE_BEARER ? {bearer: env.PROBE_BEARER} : undefined
}
