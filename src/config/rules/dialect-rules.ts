import {lintDialect} from '../../dialect/lint.ts'
import {wrong, type Rule} from '../rule.ts'

/** What would fail every attempt, whatever the server does. */
export const dialectsAreSound: Rule = ({dialect}) =>
  dialect ? lintDialect(dialect).flatMap(({path, message}) => wrong(['dialect', ...path], message, 'key')) : []
