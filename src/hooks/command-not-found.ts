import type {Hook} from '@oclif/core'
import {nearest} from '../config/nearest.ts'
import {UserError} from '../core/errors.ts'

/** An unknown command is a mistake of the operator: named, with the command that was most likely meant. No prompt. */
const commandNotFound: Hook.CommandNotFound = function ({id, config}) {
  // oclif takes all words before the first flag for the id, so a mistyped command drags its arguments along.
  const words = id.split(':')
  const known = config.commands.filter(({hidden}) => !hidden).map((command) => command.id.split(':'))
  const depths = [...new Set(known.map(({length}) => length))].toSorted((a, b) => b - a)
  const meant = depths
    .map((depth) => nearest(first(words, depth), known.filter(({length}) => length === depth).map(joined)))
    .find((name) => name !== undefined)
  const inTopic = known.some(([topic, ...rest]) => topic === words[0] && rest.length > 0)
  throw new UserError(
    `expected a command, got ${JSON.stringify(first(words, inTopic ? 2 : 1))}`,
    meant === undefined ? `${config.bin} --help lists them` : `did you mean: ${config.bin} ${meant}`,
  )
}

export default commandNotFound

function first(words: readonly string[], count: number): string {
  return joined(words.slice(0, count))
}

function joined(words: readonly string[]): string {
  return words.join(' ')
}
