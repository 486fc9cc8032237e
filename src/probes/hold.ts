import {setTimeout as sleep} from 'node:timers/promises'
import {formatMs} from '../core/duration.ts'
import {ProbeFailure} from '../core/errors.ts'
import {toProbeFailure} from './classify.ts'
import type {HoldOptions} from './hold-option.ts'
import type {Trace} from './probe.ts'

/** An open connection, for whoever watches how it ends. */
export interface Holdable {
  /** Passes over all that arrives, and settles with what ended it, or undefined once the signal aborts. */
  ended(signal: AbortSignal): Promise<Error | undefined>
  /** When the other end was last heard, heartbeats included; `trace.now()` as clock. */
  heardAt(): number
  /** Says what the other end has to answer (RFC 6455, section 5.5.2). Polling has nothing of the kind. */
  readonly ping?: (() => void) | undefined
  /** After so long without a word of it the other end is gone: it promised heartbeats. */
  readonly heartbeatMs?: number | undefined
}

interface Held {
  readonly heldMs: number
  /** Without a word before its end. */
  readonly idleMs: number
  /** What ended it early. */
  readonly cause?: ProbeFailure
}

/** How long the answer to a ping may take before the other end counts as gone. */
const PONG_MS = 5000

/**
 * Holds two connections side by side in the phase `hold`: one says nothing of its own, the other pings. What ends only
 * the silent one is an idle time-out, and its length is told; what ends both is not.
 */
export async function hold(
  {silent, talking}: {silent: Holdable; talking: Holdable},
  {hold: ms = 0, talkEvery}: HoldOptions,
  trace: Trace,
): Promise<void> {
  const [quiet, loud] = await Promise.all([watch(silent, {ms}, trace), watch(talking, {ms, talkEvery}, trace)])
  trace.fact('held_silent_ms', Math.round(quiet.heldMs))
  trace.fact('held_talking_ms', Math.round(loud.heldMs))
  for (const {heldMs, cause} of [quiet, loud]) {
    trace.event({indicator: 'connection_held', ...(cause ? {ok: false} : {ok: true, value: heldMs})})
  }
  if (!talking.ping) {
    const ended = quiet.cause ? quiet : loud
    if (ended.cause) throw endOfPolling(ended, ended.cause, trace)
    return
  }
  if (loud.cause) throw endOfBoth(loud, loud.cause, quiet)
  if (!quiet.cause) return
  if (quiet.cause.code === 'heartbeat_missed') throw quiet.cause
  trace.fact('idle_timeout_ms', Math.round(quiet.idleMs))
  throw idleTimeout(quiet, quiet.cause, silent)
}

async function watch(one: Holdable, {ms, talkEvery}: {ms: number; talkEvery?: number}, trace: Trace): Promise<Held> {
  const over = new AbortController()
  const signal = AbortSignal.any([trace.signal, over.signal])
  const ended = one.ended(signal)
  const startedAt = trace.now()
  const patienceMs = talkEvery === undefined || !one.ping ? one.heartbeatMs : talkEvery + PONG_MS
  try {
    for (;;) {
      const now = trace.now()
      const left = startedAt + ms - now
      const idleMs = now - Math.max(startedAt, one.heardAt())
      if (left <= 0) return {heldMs: ms, idleMs}
      if (patienceMs !== undefined && idleMs >= patienceMs) {
        return {heldMs: now - startedAt, idleMs, cause: heartbeatMissed(idleMs, talkEvery)}
      }
      if (talkEvery !== undefined) one.ping?.()
      const nextMs = Math.min(left, talkEvery ?? Infinity, patienceMs === undefined ? Infinity : patienceMs - idleMs)
      const error = await Promise.race([ended, sleep(nextMs, undefined, {signal}).catch(() => undefined)])
      trace.signal.throwIfAborted()
      if (!error) continue
      const endedAt = trace.now()
      const cause = toProbeFailure(error) ?? new ProbeFailure('closed', error.message, {cause: error})
      return {heldMs: endedAt - startedAt, idleMs: endedAt - Math.max(startedAt, one.heardAt()), cause}
    }
  } finally {
    over.abort()
  }
}

function heartbeatMissed(idleMs: number, talkEvery: number | undefined): ProbeFailure {
  const expected = talkEvery === undefined ? 'a heartbeat of the server' : 'an answer to pings'
  return new ProbeFailure('heartbeat_missed', `expected ${expected}, heard nothing for ${formatMs(idleMs)}`, {
    hint: 'the connection is open and nobody is there: the server hangs, or something on the way has forgotten it',
  })
}

function idleTimeout({heldMs, idleMs}: Held, cause: ProbeFailure, {heartbeatMs}: Holdable): ProbeFailure {
  const message =
    `idle for ${formatMs(idleMs)}, the silent connection ended after ${formatMs(heldMs)} (${cause.message}); ` +
    'the one that talks did not'
  const shorter = heartbeatMs === undefined ? '' : ', which is shorter than the heartbeats of the server are apart'
  return new ProbeFailure('idle_timeout', message, {
    cause,
    hint:
      `something on the way closes what is idle${shorter} (proxy_read_timeout in nginx, timeout tunnel in HAProxy): ` +
      'raise it, or send heartbeats more often',
  })
}

/** Polling cannot talk: a poll waits until the server has something to say, and what is on the way has to wait with it. */
function endOfPolling({heldMs, idleMs}: Held, cause: ProbeFailure, trace: Trace): ProbeFailure {
  if (cause.code !== 'backend_down') {
    const message = `polling ended after ${formatMs(heldMs)}: ${cause.message}`
    return new ProbeFailure(cause.code, message, {cause, ...(cause.hint && {hint: cause.hint})})
  }
  trace.fact('idle_timeout_ms', Math.round(idleMs))
  const message = `a poll that waited for the server was answered after ${formatMs(idleMs)}: ${cause.message}`
  return new ProbeFailure('idle_timeout', message, {
    cause,
    hint:
      'something on the way waits less than the heartbeats of the server are apart (proxy_read_timeout in nginx, ' +
      'timeout server in HAProxy): raise it, or send heartbeats more often',
  })
}

function endOfBoth({heldMs}: Held, cause: ProbeFailure, silent: Held): ProbeFailure {
  const other = silent.cause ? `so did the silent one, after ${formatMs(silent.heldMs)}` : 'the silent one did not'
  const message = `the connection that talks ended after ${formatMs(heldMs)}: ${cause.message}; ${other}`
  return new ProbeFailure(cause.code, message, {cause, ...(cause.hint && {hint: cause.hint})})
}
