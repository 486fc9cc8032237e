import type {RE2JS as Engine} from 're2js'
import {workload} from './workload.ts'

/** k6 reads files only while a script begins, and this one costs it more than all the rest of the script. */
const engine = hasPatterns(workload.sockets?.dialect)
  ? // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it for every dialect
    (require('./re2js.cjs') as {RE2JS: typeof Engine}).RE2JS
  : undefined

/** Takes the place of `re2js` in the bundle, for dialects that have patterns. */
export const RE2JS = {
  compile(source: string): Engine {
    if (!engine) throw new Error('the engine of patterns was not loaded')
    return engine.compile(source)
  },
}

function hasPatterns(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  return Object.entries(part).some(
    ([name, value]: [string, unknown]) =>
      (name === 'matches' && Object.keys(value as object).length > 0) || hasPatterns(value),
  )
}
