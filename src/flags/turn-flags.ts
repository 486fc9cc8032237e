import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'
import {promptSecret, readSecretFile} from './secret-input.ts'

const group = {helpGroup: 'CREDENTIALS'} as const

const username = {
  ...group,
  helpValue: 'NAME',
  summary:
    'long-term user name (else PROBE_TURN_USERNAME); its password comes from PROBE_TURN_PASSWORD, a file or a prompt',
}
const passwordFile = {...group, helpValue: 'FILE', summary: 'file that holds the password of --username'}
const secretFile = {
  ...group,
  helpValue: 'FILE',
  summary: 'file that holds the shared secret of a REST server (else PROBE_TURN_SECRET)',
}

/** How a TURN credential is given: never on the command line, where every process of the machine could read it. */
export const turnFlags = {
  username: Flags.string({...username, char: 'u'}),
  'password-file': Flags.string(passwordFile),
  'secret-file': Flags.string({...secretFile, exclusive: ['username', 'password-file']}),
}

/** The same where another server wants a login as well: `-u` and `--password-file` are that one's. */
export const turnFlagsBeside = {
  username: Flags.string({...username, dependsOn: ['turn']}),
  'turn-password-file': Flags.string({...passwordFile, dependsOn: ['turn']}),
  'secret-file': Flags.string({...secretFile, dependsOn: ['turn'], exclusive: ['username', 'turn-password-file']}),
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

/**
 * The credentials from flags, environment or a person; none where none were given, since some servers want none.
 * `fileFlag` is what people call the file of the password.
 */
export async function turnInput(
  flags: TurnFlags,
  env: NodeJS.ProcessEnv,
  fileFlag = '--password-file',
): Promise<TurnInput> {
  const credentials = await readCredentials(flags, env, fileFlag)
  if (!credentials) return {options: {}, secrets: []}
  return {options: {credentials}, secrets: ['secret' in credentials ? credentials.secret : credentials.password]}
}

async function readCredentials(
  flags: TurnFlags,
  env: NodeJS.ProcessEnv,
  fileFlag: string,
): Promise<TurnCredentials | undefined> {
  if (flags['secret-file']) return {secret: await readSecretFile(flags['secret-file'], '--secret-file')}
  const file = flags['password-file']
  const username = flags.username ?? env.PROBE_TURN_USERNAME
  if (file && !username) throw new UserError(`${fileFlag}: expected --username with it, got none`)
  if (username) {
    const password = file
      ? await readSecretFile(file, fileFlag)
      : (env.PROBE_TURN_PASSWORD ?? (await promptSecret(`Password of ${username}: `)))
    if (!password) throw new UserError(`no password for ${username}`, `set PROBE_TURN_PASSWORD or give ${fileFlag}`)
    return {username, password}
  }
  const secret = env.PROBE_TURN_SECRET
  if (secret === '')
    throw new UserError('PROBE_TURN_SECRET: expected a secret, got an empty one', 'unset it, or set it')
  return secret === undefined ? undefined : {secret}
}
