import {TestRunner, type RunnerTestCase} from 'vitest'
import {findProgram, howToGet} from '../../tools/programs.ts'

/**
 * The path of an external program. Where it is missing, the tests that need it are skipped and named at the end with
 * how to get it; under `CI=true` they fail. Called in a test, at the top of a `describe`, or at the top of a file
 * (then everything below it is skipped), never in a `beforeAll`: a hook cannot skip.
 */
export function need(program: string): string {
  const found = findProgram(program)
  if (found !== undefined) return found
  const note = `needs ${program}: ${howToGet(program)}`
  if (process.env.CI === 'true') throw new Error(note)
  skip(note)
  return program
}

function skip(note: string): void {
  const test = TestRunner.getCurrentTest<RunnerTestCase | undefined>()
  if (test) test.context.skip(note)
  const collector = TestRunner.getCurrentSuite()
  if (collector.file.collectDuration !== undefined) throw new Error(`${note} (and need() cannot skip from a hook)`)
  const skipped = collector.suite ?? collector.file
  skipped.mode = 'skip'
  Object.assign(skipped.meta, {note})
}
