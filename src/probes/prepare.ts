import type {AttemptResult} from '../core/result.ts'
import type {Check} from './check.ts'
import {probeNamed} from './index.ts'
import {runCheck, type RunContext} from './run-check.ts'

/** A check that is loaded and only waits to be run. */
export interface PreparedCheck {
  readonly check: Check
  /** What it owes, by name. */
  readonly indicators: readonly string[]
  run(context: RunContext): Promise<AttemptResult[]>
}

/** Prepares a check to run in this process. */
export async function prepare(check: Check): Promise<PreparedCheck> {
  const probe = await probeNamed(check.probe).configure(check.options)
  return {
    check,
    indicators: indicatorsOf(check),
    run: (context) => runCheck(probe, check, context),
  }
}

export function indicatorsOf({probe, options}: Check): readonly string[] {
  return Object.keys(probeNamed(probe).owes(options))
}
