import {randomUUID} from 'node:crypto'
import {ProbeFailure} from '../core/errors.ts'
import {ATTEMPT, type Event, type Owed} from '../core/event.ts'
import {blameOf, type Failure} from '../core/failure.ts'
import type {Json} from '../core/json.ts'
import {redactJson} from '../core/redact.ts'
import type {AttemptResult, Fact} from '../core/result.ts'
import {failureOf} from './classify.ts'
import {Phases} from './phases.ts'
import type {ConfiguredProbe, Target, Trace} from './probe.ts'

export interface AttemptSettings {
  readonly check: string
  readonly probe: string
  readonly target: Target
  readonly timeoutMs: number
  /** Ends the attempt early: Ctrl-C, or the run's own deadline. Its reason may be a ProbeFailure. */
  readonly signal: AbortSignal
  /** Values that must not show. */
  readonly secrets: readonly string[]
}

/** How long a probe may go on cleaning up after its deadline before it is left behind. */
export const CLEAN_UP_MS = 1000

/**
 * Runs one attempt to its end, whatever happens: the one owner of deadline, phases and classification.
 * Never rejects; a bug of a probe is a result too, with code `crashed`.
 */
export async function runAttempt(probe: ConfiguredProbe, settings: AttemptSettings): Promise<AttemptResult> {
  const {timeoutMs, signal, target} = settings
  const deadline = new AbortController()
  const limitMs = timeoutMs + probe.takesMs
  const startedAt = Date.now()
  const phases = new Phases(performance.now(), probe.phases)
  const expire = (reason: unknown) => {
    phases.mark()
    deadline.abort(reason)
  }
  const onAbort = () => expire(signal.reason)
  let tidyingMs = 0
  const onDeadline = () => {
    if (tidyingMs === 0) expire(new ProbeFailure('timeout', `no answer within ${limitMs} ms`))
    else timer = setTimeout(onDeadline, tidyingMs)
    tidyingMs = 0
  }
  let timer = setTimeout(onDeadline, limitMs)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, {once: true})

  const events: Event[] = []
  const facts: Record<string, Fact> = {}
  const details: Record<string, Json> = {}
  const secrets = [...settings.secrets]
  const trace: Trace = {
    id: randomUUID(),
    signal: deadline.signal,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    phase: (name) => phases.begin(name, performance.now()),
    tidyUp: (name) => {
      phases.begin(name, performance.now())
      tidyingMs = CLEAN_UP_MS
    },
    skip: (name, why) => phases.skip(name, why),
    event: (event) => void events.push(event),
    fact: (name, value) => void (facts[name] = value),
    detail: (name, value) => void (details[name] = value),
    secret: (value) => void secrets.push(value),
  }

  let failure: Failure | undefined
  try {
    deadline.signal.throwIfAborted() // nothing is sent on behalf of a run that is over
    await settle(probe.attempt(target, trace), deadline.signal)
    if (deadline.signal.aborted) throw deadline.signal.reason // a probe that took the abort for an answer
  } catch (error) {
    const cause = deadline.signal.aborted ? causeOf(deadline.signal, error) : error
    failure = failureOf(cause, phases.failing())
    if (cause instanceof ProbeFailure) Object.assign(facts, cause.facts)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }

  const {totalMs, list} = phases.end(performance.now(), failure?.phase)
  const owed = failure && blameOf(failure.code) === 'target' ? undelivered(probe.owes, events) : []
  const measured = !failure || blameOf(failure.code) === 'target'
  const observation = {
    check: settings.check,
    probe: settings.probe,
    target: target.display,
    startedAt,
    totalMs,
    phases: list,
    events: [...events, ...owed, ...(measured ? [{indicator: ATTEMPT, ok: !failure, value: totalMs}] : [])],
    facts: {...facts}, // a probe that was left behind may still tell some
    ...(Object.keys(details).length > 0 && {details: {...details}}),
  }
  return redactJson<AttemptResult>(failure ? {...observation, ok: false, failure} : {...observation, ok: true}, secrets)
}

/** Why an attempt was ended early. A probe that knows more of the silence ("no answer to 7 requests") is believed. */
function causeOf({reason}: AbortSignal, error: unknown): unknown {
  const expired = reason instanceof ProbeFailure && reason.code === 'timeout'
  return expired && error instanceof ProbeFailure && (error.code === 'timeout' || error.cause === reason)
    ? error
    : reason
}

/** A refused handshake is a failed round trip, not an empty one: what was owed and did not come is bad. */
function undelivered(owes: Owed, events: readonly Event[]): Event[] {
  return Object.entries(owes).flatMap(([indicator, owed]) => {
    const delivered = events.filter((event) => event.indicator === indicator).length
    return Array.from({length: Math.max(0, owed - delivered)}, () => ({indicator, ok: false}))
  })
}

/** Waits for the probe, and after an abort only as long as a clean-up may take. */
async function settle(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let leave = () => {}
  const left = new Promise<void>((_, reject) => {
    leave = () => {
      timer = setTimeout(() => reject(signal.reason as Error), CLEAN_UP_MS)
    }
  })
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, {once: true})
  try {
    await Promise.race([work, left])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
    work.catch(() => {}) // an abandoned probe may still fail; its result is already told
  }
}
