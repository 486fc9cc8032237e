import {monitorEventLoopDelay} from 'node:perf_hooks'
import type {Disturbance} from '../core/disturbance.ts'
import type {RunHealth} from '../core/report.ts'
import type {AttemptResult, CheckResult, Fact} from '../core/result.ts'
import {quantile} from '../core/stats.ts'

/** A later event loop would show in the latencies that it measures: a quarter of the tightest documented target. */
const LAG_LIMIT_MS = 50
/** `Date` has whole seconds and travels for a while; half a minute is a wrong clock by any measure. */
const SKEW_LIMIT_MS = 30_000
const RESOLUTION_MS = 10

/** Failures that a prober without a network would see at every target. */
const outOfReach: ReadonlySet<string> = new Set(['dns_failed', 'dns_not_found', 'unreachable', 'timeout', 'offline'])

export interface HealthWatch {
  /** Ends the watch. `reachable` tries the config's own reference address; it is asked only when every target is out of reach. */
  finish(results: readonly CheckResult[], reachable?: () => Promise<boolean>): Promise<RunHealth>
}

/** "Is it me?": watches this process while it measures. */
export function watchHealth(): HealthWatch {
  const delay = monitorEventLoopDelay({resolution: RESOLUTION_MS})
  delay.enable()
  return {
    async finish(results, reachable) {
      delay.disable()
      const loopLagMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
      const attempts = results.flatMap((result) => result.attempts)
      const skews = skewOfEachServer(results)
      const clockSkewMs = quantile(skews, 0.5)
      const disturbances = [
        ...lagged(loopLagMs),
        ...skewed(skews),
        ...((await isOffline(attempts, reachable)) ? [offline] : []),
      ]
      return {disturbances, loopLagMs, clockSkewMs}
    },
  }
}

const offline: Disturbance = {
  kind: 'offline',
  message: 'this machine is offline: neither a target nor the reference address can be reached',
}

function lagged(ms: number): Disturbance[] {
  if (ms <= LAG_LIMIT_MS) return []
  return [
    {
      kind: 'event_loop_lag',
      message: `this machine was too busy to measure latencies: its event loop ran ${Math.round(ms)} ms late`,
    },
  ]
}

/** One figure a server, however often it was asked: what answers at one address has one clock. */
function skewOfEachServer(results: readonly CheckResult[]): number[] {
  const skews = new Map<Fact, number[]>()
  for (const {target, attempts} of results) {
    for (const {facts} of attempts) {
      if (typeof facts.clock_skew_ms !== 'number') continue
      const server = facts.ip ?? target
      skews.set(server, [...(skews.get(server) ?? []), facts.clock_skew_ms])
    }
  }
  return [...skews.values()].flatMap((ofServer) => quantile(ofServer, 0.5) ?? [])
}

/** Our clock is wrong when most servers say so alike. Where a single one says it, nobody knows which of the two is. */
function skewed(skews: readonly number[]): Disturbance[] {
  const [behind, ahead] = [skews.filter((ms) => ms > SKEW_LIMIT_MS), skews.filter((ms) => ms < -SKEW_LIMIT_MS)]
  const contradicting = [behind, ahead].find(({length}) => 2 * length > skews.length)
  const ms = contradicting && quantile(contradicting, 0.5)
  if (!ms) return []
  const difference = `${Math.round(Math.abs(ms) / 1000)} s ${ms > 0 ? 'behind' : 'ahead of'}`
  const message =
    skews.length === 1
      ? `this machine's clock is ${difference} the server's: one of the two is wrong`
      : `this machine's clock is ${difference} the servers'`
  return [{kind: 'clock_skew', message}]
}

async function isOffline(attempts: readonly AttemptResult[], reachable?: () => Promise<boolean>): Promise<boolean> {
  if (!reachable || attempts.length === 0) return false
  const allOut = attempts.every((attempt) => !attempt.ok && outOfReach.has(attempt.failure.code))
  return allOut && !(await reachable())
}
