import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'
import {promptSecret, readSecretFile} from './secret-input.ts'

const group = {helpGroup: 'CREDENTIALS'} as const

/** How a TURN credential is given: never on the command line, where every process of the machine could read it. */
export const turnFlags = {
  username: Flags.string({
    ...group,
    char: 'u',
    helpValue: 'NAME',
    summary:
      'long-term user name (else PROBE_TURN_USERNAME); its password comes from PROBE_TURN_PASSWORD, a file or a prompt',
  }),
  'password-file': Flags.string({...group, helpValue: 'FILE', summary: 'file that holds the password of --username'}),
  'secret-file': Flags.string({
    ...group,
    helpValue: 'FILE',
    summary: 'file that holds the shared secret of a REST server (else PROBE_TURN_SECRET)',
    exclusive: ['username', 'password-file'],
  }),
}

interface TurnFlags {
  readonly username?: string | undefined
  readonly 'password-file'?: string | undefined
  readonly 'secret-file'?: string | undefined
}

type TurnCredentials = {readonly username: string; readonly password: string} | {readonly secret: string}

export interface TurnInput {
  readonly options: {readonly credentials?: TurnCredentials}
  readonly secrets: readonly string[]
}

/** The credentials from flags, environment or a person; none where none were given, since some servers want none. */
export async function turnInput(flags: TurnFlags, env: NodeJS.ProcessEnv): Promise<TurnInput> {
  const credentials = await readCredentials(flags, env)
  if (!credentials) return {options: {}, secrets: []}
  return {options: {credentials}, secrets: ['secret' in credentials ? credentials.secret : credentials.password]}
}

async function readCredentials(flags: TurnFlags, env: NodeJS.ProcessEnv): Promise<TurnCredentials | undefined> {
  if (flags['secret-file']) return {secret: await readSecretFile(flags['secret-file'], '--secret-file')}
  const file = flags['password-file']
  const username = flags.username ?? env.PROBE_TURN_USERNAME
  if (file && !username) throw new UserError('--password-file: expected --username with it, got none')
  if (username) {
    const password = file
      ? await readSecretFile(file, '--password-file')
      : (env.PROBE_TURN_PASSWORD ?? (await promptSecret(`Password of ${username}: `)))
    if (!password) throw new UserError(`no password for ${username}`, 'set PROBE_TURN_PASSWORD or give --password-file')
    return {username, password}
  }
  const secret = env.PROBE_TURN_SECRET
  if (secret === '')
    throw new UserError('PROBE_TURN_SECRET: expected a secret, got an empty one', 'unset it, or set it')
  return secret === undefined ? undefined : {secret}
}
