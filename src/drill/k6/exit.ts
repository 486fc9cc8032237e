import type {K6End} from './process.ts'

/** k6's exit codes (errext/exitcodes in its source), in words. */
const meanings: Readonly<Record<number, string>> = {
  2: 'Go crashed',
  97: 'it could not reach the cloud',
  100: 'setup took too long',
  101: 'teardown took too long',
  102: 'a time-out',
  104: 'its configuration is wrong',
  106: 'its REST port was taken',
  107: 'an exception at the start of the scenario',
  108: 'the scenario aborted it',
  109: 'it panicked',
  110: 'the scenario called it failed',
  137: 'it was killed, as when memory runs out',
}

/** 0: all done, 99: a threshold, 103 and 105: stopped as asked. These wrote a summary, from which the verdict comes. */
const orderly: ReadonlySet<number | null> = new Set([0, 99, 103, 105])

/** What an exit means that leaves the results in doubt, with the last error that k6 told; undefined for the others. */
export function crashOf({code, signal}: K6End, said: string | undefined): string | undefined {
  if (signal) return `k6 was ended by ${signal}`
  if (orderly.has(code)) return undefined
  const why = [meanings[code ?? -1], said].filter((part) => part !== undefined).join(', ')
  return `k6 ended with exit code ${code}: ${why || 'an error'}`
}
