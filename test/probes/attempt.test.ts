import {setTimeout as delay} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {abortable} from '../../src/probes/abortable.ts'
import {runAttempt, type AttemptSettings} from '../../src/probes/attempt.ts'
import type {ConfiguredProbe, Trace} from '../../src/probes/probe.ts'

/** One attempt of a probe that is nothing but this function. */
function attempt(
  work: (trace: Trace) => Promise<void>,
  {owes = {}, takesMs = 0, ...settings}: Partial<AttemptSettings & ConfiguredProbe> = {},
): Promise<AttemptResult> {
  const probe: ConfiguredProbe = {
    phases: ['connect', 'message', 'release'],
    owes,
    takesMs,
    attempt: (_target, trace) => work(trace),
  }
  return runAttempt(probe, {
    check: 'check',
    probe: 'inline',
    target: {address: 'x://secret@host', display: 'x://host'},
    timeoutMs: 5000,
    signal: new AbortController().signal,
    secrets: [],
    ...settings,
  })
}

const forever = (trace: Trace) => abortable(new Promise<void>(() => {}), trace.signal)

describe('an attempt that succeeds', () => {
  test('has the events, facts and details that the probe told, and one event of its own', async () => {
    const result = await attempt((trace) => {
      trace.phase('connect')
      trace.event({indicator: 'rtt', ok: true, value: 3})
      trace.fact('ip', '::1')
      trace.detail('grid', [[1]])
      return Promise.resolve()
    })
    expect(result).toMatchObject({
      ok: true,
      check: 'check',
      probe: 'inline',
      target: 'x://host',
      facts: {ip: '::1'},
      details: {grid: [[1]]},
    })
    expect(result.events).toEqual([
      {indicator: 'rtt', ok: true, value: 3},
      {indicator: 'attempt', ok: true, value: result.totalMs},
    ])
  })

  test('is not made to have delivered what it owed: bad events are the own business of a probe', async () => {
    const result = await attempt(() => Promise.resolve(), {owes: {rtt: 2}})
    expect(result.events.filter(({indicator}) => indicator === 'rtt')).toEqual([])
  })
})

describe('an attempt that fails', () => {
  const refused = () => Promise.reject(new ProbeFailure('refused', 'connection refused'))

  test('by the target makes what was owed and not delivered bad', async () => {
    const result = await attempt(
      (trace) => {
        trace.event({indicator: 'rtt', ok: true, value: 1})
        return refused()
      },
      {owes: {rtt: 3, health: 1}},
    )
    expect(result.events).toEqual([
      {indicator: 'rtt', ok: true, value: 1},
      {indicator: 'rtt', ok: false},
      {indicator: 'rtt', ok: false},
      {indicator: 'health', ok: false},
      {indicator: 'attempt', ok: false, value: result.totalMs},
    ])
  })

  test('by a bug of ours has no bad events: nothing was measured', async () => {
    const result = await attempt(() => Promise.reject(new TypeError('oops')), {owes: {rtt: 3}})
    expect(result).toMatchObject({ok: false, failure: {code: 'crashed'}, events: []})
  })

  test('by a bug that throws at once is a result as well', async () => {
    const result = await attempt(() => {
      throw new TypeError('oops')
    })
    expect(result).toMatchObject({ok: false, failure: {code: 'crashed'}})
  })

  test('shows no secret, whether it was configured or made on the way', async () => {
    const result = await attempt(
      (trace) => {
        trace.secret('minted-password')
        trace.fact('url', 'a?key=configured%2Fkey')
        throw new ProbeFailure('refused', 'got "configured/key" and minted-password')
      },
      {secrets: ['configured/key']},
    )
    expect(JSON.stringify(result)).not.toMatch(/configured|minted/)
    expect(result).toMatchObject({
      failure: {message: 'got "[redacted]" and [redacted]'},
      facts: {url: 'a?key=[redacted]'},
    })
  })
})

describe('the deadline', () => {
  test('ends a probe that waits', async () => {
    const result = await attempt(forever, {timeoutMs: 50})
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', message: 'no answer within 50 ms'}})
    expect(result.totalMs).toBeGreaterThanOrEqual(49)
  })

  test('leaves room for what a probe takes by its options alone', async () => {
    const result = await attempt(() => delay(100), {timeoutMs: 50, takesMs: 2000})
    expect(result.ok).toBe(true)
  })

  test('names the phase in which it came, not the one of the clean-up', async () => {
    const result = await attempt(
      async (trace) => {
        trace.phase('message')
        try {
          await forever(trace)
        } finally {
          trace.phase('release')
        }
      },
      {timeoutMs: 30},
    )
    expect(result).toMatchObject({failure: {code: 'timeout', phase: 'message'}})
    expect(result.phases.map(({state}) => state)).toEqual(['skipped', 'failed', 'done'])
  })

  test('is not undone by a probe that fails otherwise while it cleans up', async () => {
    const result = await attempt((trace) => forever(trace).catch(() => Promise.reject(new Error('on the way out'))), {
      timeoutMs: 30,
    })
    expect(result).toMatchObject({failure: {code: 'timeout'}})
  })

  test('does not undo what was measured when it comes while the probe tidies up', async () => {
    const result = await attempt(
      async (trace) => {
        trace.phase('connect')
        trace.tidyUp('release')
        await delay(100)
        trace.signal.throwIfAborted()
      },
      {timeoutMs: 30},
    )
    expect(result).toMatchObject({ok: true, phases: [{name: 'connect'}, {name: 'message'}, {name: 'release'}]})
  })

  test('ends a probe that tidies up for ever', async () => {
    const result = await attempt(
      (trace) => {
        trace.tidyUp('release')
        return forever(trace)
      },
      {timeoutMs: 30},
    )
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: 'release'}})
    expect(result.totalMs).toBeLessThan(5000)
  })

  test('holds for a probe that takes the abort for an answer', async () => {
    const result = await attempt((trace) => forever(trace).catch(() => {}), {timeoutMs: 30})
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout'}})
  })

  test('leaves behind a probe that does not hear the signal', async () => {
    const stuck = Promise.withResolvers<undefined>()
    const result = await attempt(() => stuck.promise, {timeoutMs: 30})
    expect(result).toMatchObject({failure: {code: 'timeout'}})
    stuck.reject(new Error('too late: not an unhandled rejection either'))
  })
})

describe('an abort from outside', () => {
  const reason = new ProbeFailure('aborted', 'interrupted')

  test('ends the attempt for its own reason', async () => {
    const controller = new AbortController()
    const result = await attempt(
      (trace) => {
        queueMicrotask(() => controller.abort(reason))
        return forever(trace)
      },
      {signal: controller.signal, owes: {rtt: 1}},
    )
    expect(result).toMatchObject({ok: false, failure: {code: 'aborted', message: 'interrupted'}, events: []})
  })

  test('that came before the attempt ends it at once', async () => {
    const result = await attempt(forever, {signal: AbortSignal.abort(reason)})
    expect(result).toMatchObject({failure: {code: 'aborted'}})
  })
})
