import {setTimeout as sleep} from 'node:timers/promises'
import type {AttemptResult} from '../core/result.ts'
import {runAttempt} from './attempt.ts'
import type {Check} from './check.ts'
import type {ConfiguredProbe} from './probe.ts'

export interface RunContext {
  /** Ends everything early: Ctrl-C, or the run's deadline. Its reason is a ProbeFailure that says which. */
  readonly signal: AbortSignal
  /** Values that must not show in any result. */
  readonly secrets: readonly string[]
  /** Told of every attempt as it ends. */
  readonly onAttempt?: (result: AttemptResult) => void
}

/**
 * Makes all attempts of one check on an absolute timetable, as many at a time as it says. Once stopped, an attempt that
 * is cut short, or was the next, tells why: those that were made cannot stand for those that were not.
 */
export async function runCheck(probe: ConfiguredProbe, check: Check, context: RunContext): Promise<AttemptResult[]> {
  const {name, target, timeoutMs, attempts, concurrency = 1} = check
  const {signal, secrets, onAttempt} = context
  const results: AttemptResult[] = []
  const begin = performance.now()
  let next = 0
  const work = async () => {
    for (let index = next++; index < attempts; index = next++) {
      await waitUntil(begin + Math.floor(index / concurrency) * check.intervalMs, signal)
      const result = await runAttempt(probe, {check: name, probe: check.probe, target, timeoutMs, signal, secrets})
      results.push(result)
      onAttempt?.(result)
      if (signal.aborted && !result.ok) return
    }
  }
  await Promise.all(Array.from({length: Math.min(concurrency, attempts)}, work))
  return results
}

async function waitUntil(time: number, signal: AbortSignal): Promise<void> {
  const left = time - performance.now()
  if (left > 0) await sleep(left, undefined, {signal}).catch(() => {}) // stopped: the caller looks at the signal
}
