import type {Reporter, TestCase, TestModule, TestRunEndReason, TestSuite} from 'vitest/node'

/**
 * The last word of a test run: what was skipped and how to get what it needs, then one line alone,
 * `12 passed, 0 failed, 3 skipped`, for people and for whatever reads the log. A run in which nothing passed is no success.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[], reason: TestRunEndReason): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed')
    const failed = tests.filter((test) => test.result().state === 'failed')
    const skipped = tests.filter((test) => !passed.includes(test) && !failed.includes(test))
    // A file that cannot be imported, a hook that throws, a rejection that nobody awaits: each fails without a test.
    const elsewhere = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter(brokenItself)
    const failures = failed.length + elsewhere.length + unhandled.length
    if (passed.length === 0 || reason === 'interrupted') process.exitCode = 1

    const names = skipped.map((test) => `skipped: ${nameOf(test)}${because(test)}\n`)
    const line = `${passed.length} passed, ${failures} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`
    const before =
      process.env.STATIC_CHECKS === 'failed' ? 'static checks failed: see what stands before the tests\n' : ''
    // After the other reporters, which write at the same event.
    setImmediate(() => process.stdout.write(`${names.join('')}${before}\n${line}`))
  }
}

function brokenItself(suite: TestModule | TestSuite): boolean {
  return suite.errors().length > 0
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`
}

/** The note that `need` left on the test, or on what holds it. */
function because(test: TestCase): string {
  const result = test.result()
  const note = (result.state === 'skipped' ? result.note : undefined) ?? noteAbove(test)
  return note === undefined ? '' : ` (${note})`
}

function noteAbove({parent}: TestCase | TestSuite): string | undefined {
  const meta = parent.meta()
  if ('note' in meta && typeof meta.note === 'string') return meta.note
  return parent.type === 'suite' ? noteAbove(parent) : undefined
}
