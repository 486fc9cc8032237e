import type {AttemptResult} from '../core/result.ts'
import type {Check} from './check.ts'
import type {Probe} from './probe.ts'
import {probeNamed} from './probe-named.ts'
import {runCheck, type RunContext} from './run-check.ts'

/** A check with its kind, of which nothing heavy is loaded yet. */
export interface KnownCheck {
  readonly check: Check
  readonly probe: Probe
}

/** A check that is loaded and only waits to be run. */
export interface PreparedCheck {
  readonly check: Check
  /** What it owes, by name. */
  readonly indicators: readonly string[]
  run(context: RunContext): Promise<AttemptResult[]>
}

export async function knownCheck(check: Check): Promise<KnownCheck> {
  return {check, probe: await probeNamed(check.probe)}
}

/** Prepares a check to run in this process. */
export async function prepare({check, probe}: KnownCheck): Promise<PreparedCheck> {
  const configured = await probe.configure(check.options)
  return {
    check,
    indicators: Object.keys(configured.owes),
    run: (context) => runCheck(configured, check, context),
  }
}
