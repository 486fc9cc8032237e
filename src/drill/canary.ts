import {setTimeout as sleep} from 'node:timers/promises'
import type {CheckResult} from '../core/result.ts'
import type {Check} from '../probes/check.ts'
import {probes} from '../probes/index.ts'
import type {Probe} from '../probes/probe.ts'
import {runChecks} from '../probes/run-checks.ts'

export interface CanaryContext {
  readonly signal: AbortSignal
  readonly secrets: readonly string[]
}

const CONCURRENCY = 4
/** Ends a signaling check within a second, so that a round fits between two others. */
const TRIPS = 10

/**
 * The checks of the profile as they run beside a load: once each round, without those that burn CPU, which the
 * generator needs. They ask whether a single real client still gets what was promised.
 */
export function canariesOf(checks: readonly Check[]): Check[] {
  const kinds: Readonly<Record<string, Probe>> = probes
  const light = checks.filter(({probe}) => kinds[probe]?.heavy !== true)
  const names = new Set(light.map(({name}) => name))
  return light.map((check) => ({
    ...check,
    attempts: 1,
    needs: check.needs.filter((need) => names.has(need)),
    options: check.probe === 'signaling' ? {...(check.options as object), count: TRIPS} : check.options,
  }))
}

/** One round of all canaries. */
export function canaryRound(canaries: readonly Check[], {signal, secrets}: CanaryContext): Promise<CheckResult[]> {
  return runChecks(canaries, {signal, secrets, concurrency: CONCURRENCY})
}

export interface Rounds {
  /** Ends after the round that is under way. */
  finish(): Promise<CheckResult[]>
}

/** Round after round on a timetable, of which those count that began while `counts` says so. */
export function canaryRounds(
  canaries: readonly Check[],
  {everyMs, counts}: {everyMs: number; counts: () => boolean},
  context: CanaryContext,
): Rounds {
  const stop = new AbortController()
  const waiting = AbortSignal.any([stop.signal, context.signal])
  const kept: CheckResult[] = []
  const isOver = () => waiting.aborted
  const run = async () => {
    for (let due = performance.now(); !isOver(); due = Math.max(due + everyMs, performance.now())) {
      await sleep(Math.max(0, due - performance.now()), undefined, {signal: waiting}).catch(() => {})
      if (isOver()) return
      const counted = counts()
      const round = await canaryRound(canaries, context)
      if (counted && !context.signal.aborted) kept.push(...round)
    }
  }
  const running = canaries.length === 0 ? Promise.resolve() : run()
  return {
    async finish() {
      stop.abort()
      await running
      return merged(kept)
    },
  }
}

/** The attempts of all rounds, by check and target. */
function merged(rounds: readonly CheckResult[]): CheckResult[] {
  const byCheck = new Map<string, CheckResult>()
  for (const result of rounds) {
    const key = `${result.check} ${result.target}`
    const earlier = byCheck.get(key)
    if (!earlier) {
      byCheck.set(key, result)
      continue
    }
    const attempts = [...earlier.attempts, ...result.attempts]
    const {skipped, ...rest} = {...result, attempts}
    byCheck.set(key, attempts.length === 0 && skipped !== undefined ? {...rest, skipped} : rest)
  }
  return [...byCheck.values()]
}
