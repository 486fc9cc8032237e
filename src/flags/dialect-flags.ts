import * as Flags from '@oclif/core/flags'
import {loadDialect, type LoadedDialect} from '../config/load-dialect.ts'
import {DEFAULT_PROFILE} from '../config/profiles.ts'
import {transportFlags} from './transport-flags.ts'

/** Which dialect is spoken, and by whose client. */
export const dialectFlags = {
  profile: Flags.string({
    helpGroup: 'REQUEST',
    char: 'p',
    default: DEFAULT_PROFILE,
    helpValue: 'NAME',
    summary: 'profile whose dialect is spoken: a built-in one, or a file',
  }),
  dialect: Flags.string({
    helpGroup: 'REQUEST',
    char: 'd',
    helpValue: 'NAME|FILE',
    summary: "dialect to speak in place of the profile's: a ready one (`dialect list`), or a file",
  }),
  client: transportFlags.client,
}

/** The dialect that the flags name, with its secrets. Throws ConfigError. */
export function readDialect({
  profile,
  dialect,
}: {
  readonly profile: string
  readonly dialect?: string | undefined
}): Promise<LoadedDialect> {
  return loadDialect(dialect === undefined ? {profile} : {dialect}, {cwd: process.cwd(), env: process.env})
}
