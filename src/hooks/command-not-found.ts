import type {Hook} from '@oclif/core'
import {nearest} from '../config/nearest.ts'
import {UserError} from '../core/errors.ts'

/** An unknown command is a mistake of the operator: named, with the command that was most likely meant. No prompt. */
const commandNotFound: Hook.CommandNotFound = function ({id, argv, config}) {
  const typed = id.replaceAll(':', ' ')
  const known = config.commands.filter(({hidden}) => !hidden).map((command) => command.id.replaceAll(':', ' '))
  // "config valdate" arrives as one id if `config` is a topic, else as a command and its first argument.
  const meant = nearest(typed, known) ?? nearest([typed, ...(argv ?? [])].join(' '), known)
  throw new UserError(
    `expected a command, got ${JSON.stringify(typed)}`,
    meant ? `did you mean: ${config.bin} ${meant}` : `${config.bin} --help lists them`,
  )
}

export default commandNotFound
