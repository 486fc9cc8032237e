import type {CheckResult} from '../core/result.ts'
import type {Check} from './check.ts'
import {prepareInChild} from './child.ts'
import {Gate} from './gate.ts'
import {knownCheck, prepare, type PreparedCheck} from './prepare.ts'
import type {RunContext} from './run-check.ts'

export interface RunChecksOptions extends RunContext {
  /** How many checks may be under way at once. Those that burn CPU run in a process of their own and count as well. */
  readonly concurrency: number
  /** Called when what runs in this process is loaded and the first check is about to start. */
  readonly onReady?: () => void
}

/**
 * Runs checks side by side, each after those it needs. A check whose need failed is skipped: one alarm, not five.
 * What runs in this process is loaded before the first one starts, so that no loading falls into another's latency.
 */
export async function runChecks(checks: readonly Check[], options: RunChecksOptions): Promise<CheckResult[]> {
  const known = await Promise.all(checks.map(knownCheck))
  const children = prepareInChild(known.filter(({probe}) => probe.heavy)) // it loads meanwhile
  try {
    const local = await Promise.all(known.filter(({probe}) => !probe.heavy).map(prepare))
    options.onReady?.()
    return await runInOrder(checks, [...local, ...children.prepared], options)
  } finally {
    await children.dispose()
  }
}

async function runInOrder(
  checks: readonly Check[],
  prepared: readonly PreparedCheck[],
  options: RunChecksOptions,
): Promise<CheckResult[]> {
  const gate = new Gate(options.concurrency)
  const running = new Map<Check, Promise<CheckResult>>()
  const start = (one: PreparedCheck): Promise<CheckResult> => {
    const result = running.get(one.check) ?? runAfterNeeds(one)
    running.set(one.check, result)
    return result
  }
  const runAfterNeeds = async (one: PreparedCheck): Promise<CheckResult> => {
    const blocker = await blockerOf(one.check, (name) => prepared.filter(({check}) => check.name === name).map(start))
    if (blocker) return resultOf(one, [], `blocked by ${blocker}`)
    return gate.pass(async () => resultOf(one, await one.run(options)))
  }
  await Promise.all(prepared.map(start))
  return Promise.all(checks.flatMap((check) => running.get(check) ?? []))
}

/** The first need that is not met: by the same target where the needed check has it, else by any of its targets. */
async function blockerOf(
  check: Check,
  resultsOf: (name: string) => Promise<CheckResult>[],
): Promise<string | undefined> {
  for (const need of check.needs) {
    const all = await Promise.all(resultsOf(need))
    const same = all.filter(({target}) => target === check.target.display)
    const relevant = same.length > 0 ? same : all
    if (relevant.length > 0 && !relevant.some(({attempts}) => attempts.some(({ok}) => ok))) return need
  }
  return undefined
}

function resultOf(
  {check, indicators}: PreparedCheck,
  attempts: CheckResult['attempts'],
  skipped?: string,
): CheckResult {
  const {name, probe, target, tags, runbook} = check
  return {
    check: name,
    probe,
    target: target.display,
    tags,
    indicators,
    attempts,
    ...(skipped && {skipped}),
    ...(runbook && {runbook}),
  }
}
