import * as Flags from '@oclif/core/flags'
import type {ConfigFlags} from '../config/layers.ts'
import {UserError} from '../core/errors.ts'

const group = {helpGroup: 'CONFIG'} as const

/** Which configuration is meant. Flags win over the environment, the environment over the file, the file over the profile. */
export const configFlags = {
  config: Flags.string({
    ...group,
    char: 'c',
    helpValue: 'FILE',
    summary: 'configuration to use (default: probe.yaml, else PROBE_CONFIG)',
  }),
  profile: Flags.string({...group, char: 'p', helpValue: 'NAME', summary: 'built-in profile, or path of your own'}),
  instance: Flags.string({...group, helpValue: 'NAME', summary: 'name of this deployment'}),
  location: Flags.string({...group, helpValue: 'NAME', summary: 'where this prober stands'}),
  target: Flags.string({
    ...group,
    multiple: true,
    helpValue: 'NAME=ADDRESS',
    summary: 'address of a target; repeated for a fleet',
  }),
}

interface ParsedFlags extends Omit<ConfigFlags, 'targets'> {
  readonly target?: readonly string[] | undefined
}

export function configFlagsOf({target = [], ...flags}: ParsedFlags): ConfigFlags {
  const targets: Record<string, string[]> = {}
  for (const pair of target) {
    const [, name, address] = /^([^=]+)=(.+)$/.exec(pair) ?? []
    if (!name || !address)
      throw new UserError('--target: expected NAME=ADDRESS, such as backend=https://chat.example.org')
    ;(targets[name] ??= []).push(address)
  }
  const {config, profile, instance, location} = flags
  return {config, profile, instance, location, ...(target.length > 0 && {targets})}
}
