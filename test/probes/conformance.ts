import {setTimeout as delay} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {ATTEMPT} from '../../src/core/event.ts'
import {blameOf, type FailureCode} from '../../src/core/failure.ts'
import {redactUrl} from '../../src/core/redact.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {runAttempt} from '../../src/probes/attempt.ts'
import type {ConfiguredProbe, Probe} from '../../src/probes/probe.ts'
import {closedTcp, garbageTcp, resettingTcp, silentTcp, type FaultServer} from '../fixtures/fault-server.ts'
import {watchTimers} from '../fixtures/timers.ts'

/** A server that the probe finds in order. */
export interface GoodServer {
  readonly address: string
  close(): Promise<void> | void
}

/** One way to misbehave, and the codes by which the probe may name it. */
export interface Fault {
  readonly serve: () => Promise<FaultServer>
  readonly codes: readonly FailureCode[]
}

export interface Conformance {
  readonly probe: Probe
  /** Accepted by the schema; the same for every case. Secrets belong here, not in the address. */
  readonly options?: Readonly<Record<string, unknown>>
  /** The address of a fault server's port. */
  readonly address: (port: number) => string
  readonly good: () => Promise<GoodServer>
  /** Answers in order, but each answer takes at least `SLOW_MS`. */
  readonly slow: () => Promise<GoodServer>
  /** What differs from the faults of a TCP server. A probe over UDP gives all four. */
  readonly faults?: Partial<Record<FaultName, Fault>>
  /** How long a probe that meets silence waits: the attempt's time-out for the case `silent`. */
  readonly silenceMs?: number
}

type FaultName = 'refused' | 'silent' | 'garbage' | 'reset'

/** What a slow server takes for each answer. */
export const SLOW_MS = 120
const TIMEOUT_MS = 8000
const SILENCE_MS = 400
/** How long after its result an attempt may take to have closed everything. */
const CLOSED_WITHIN_MS = 1000

const tcpFaults: Record<FaultName, Fault> = {
  refused: {serve: closedTcp, codes: ['refused']},
  silent: {serve: silentTcp, codes: ['timeout']},
  garbage: {serve: garbageTcp, codes: ['not_http']},
  reset: {serve: resettingTcp, codes: ['reset']},
}

/** The contract that every probe keeps, whatever its protocol. Called by each probe's own test. */
export function describeProbeConformance(conformance: Conformance): void {
  const {probe, options = {}, address, good, slow, silenceMs = SILENCE_MS} = conformance
  const faults = {...tcpFaults, ...conformance.faults}

  describe(`the ${probe.name} probe keeps the contract of all probes`, () => {
    test('a good server passes, with every owed event good', async () => {
      const {result} = await attemptOn(await good())
      expectPass(result)
    })

    test('a slow server passes, and its time shows', async () => {
      const {result} = await attemptOn(await slow())
      expectPass(result)
      expect(result.totalMs).toBeGreaterThanOrEqual(SLOW_MS - 1) // timers of the server may fire a fraction early
    })

    test('a closed port is a refusal', () => expectFault('refused'))
    test('a silent server is a time-out at the deadline', () => expectFault('silent', silenceMs))
    test('a server that answers garbage is named as that', () => expectFault('garbage'))
    test('a connection reset in the middle is a failure of the target', () => expectFault('reset'))

    test('an abort ends the attempt at once, and is not the fault of the target', async () => {
      const server = await faults.silent.serve()
      const controller = new AbortController()
      let abortedAt = Number.NaN
      void server.contacted.then(() => {
        abortedAt = performance.now()
        controller.abort(new ProbeFailure('aborted', 'interrupted'))
      })
      const served = {address: address(server.port), close: () => server.close()}
      const {result} = await attemptOn(served, {signal: controller.signal})
      expect(performance.now() - abortedAt).toBeLessThan(CLOSED_WITHIN_MS)
      expect(result).toMatchObject({ok: false, failure: {code: 'aborted', message: 'interrupted'}})
      expect(result.events.filter(({ok}) => !ok)).toEqual([])
    })

    test('an unknown option is rejected by its name', async () => {
      await expect(probe.configure({...options, colour: 'red'})).rejects.toThrow(/colour/)
    })

    test('an address of another kind is rejected with what was expected', () => {
      expect(probe.reject(address(1))).toBeNull()
      for (const wrong of ['', 'gopher://127.0.0.1:70/', 'http//no-colon'])
        expect(probe.reject(wrong)).toMatch(/expected/)
    })
  })

  async function expectFault(name: FaultName, timeoutMs = TIMEOUT_MS): Promise<void> {
    const server = await faults[name].serve()
    const served = {address: address(server.port), close: () => server.close()}
    const {result, configured} = await attemptOn(served, {timeoutMs})
    if (result.ok) throw new Error('expected the attempt to fail')
    expect(faults[name].codes, result.failure.message).toContain(result.failure.code)
    expect(blameOf(result.failure.code)).toBe('target')
    expect(result.totalMs).toBeLessThan(timeoutMs + configured.takesMs + CLOSED_WITHIN_MS)
    for (const [indicator, owed] of Object.entries(configured.owes)) {
      expect(eventsOf(result, indicator), `${indicator} events, the missing ones made bad`).toHaveLength(owed)
    }
    expect(eventsOf(result, ATTEMPT)).toMatchObject([{ok: false}])
  }

  function expectPass(result: AttemptResult): void {
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    expect(result.events.filter(({ok}) => !ok)).toEqual([])
    expect(eventsOf(result, ATTEMPT)).toHaveLength(1)
  }

  /** Runs one attempt, ends the server whatever happens, and holds the result against what is true of all of them. */
  async function attemptOn(
    server: GoodServer,
    settings: {signal?: AbortSignal; timeoutMs?: number} = {},
  ): Promise<{result: AttemptResult; configured: ConfiguredProbe}> {
    try {
      expect(probe.reject(server.address)).toBeNull()
      const configured = await probe.configure(options)
      const before = openSockets()
      const {result, left} = await watchTimers(() =>
        runAttempt(configured, {
          check: 'conformance',
          probe: probe.name,
          target: {address: server.address, display: redactUrl(server.address)},
          timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
          signal: settings.signal ?? new AbortController().signal,
          secrets: [],
        }),
      )
      expectSound(result, probe)
      if (result.ok) {
        for (const [indicator, owed] of Object.entries(configured.owes)) {
          expect(eventsOf(result, indicator), `owed ${indicator} events`).toHaveLength(owed)
        }
      }
      await expectNothingLeft({sockets: () => openSockets() - before, timers: left})
      return {result, configured}
    } finally {
      await server.close()
    }
  }
}

/** True of every result, good or bad: the phases are all there, in order, and add up. */
function expectSound(result: AttemptResult, probe: Probe): void {
  expect(result.phases.map(({name}) => name)).toEqual(probe.phases)
  const sum = result.phases.reduce((total, {ms}) => total + ms, 0)
  expect(Math.abs(sum - result.totalMs)).toBeLessThanOrEqual(1e-6 * result.phases.length)
  for (const {ms} of result.phases) expect(ms).toBeGreaterThanOrEqual(0)
  const failed = result.phases.filter(({state}) => state === 'failed').map(({name}) => name)
  expect(failed).toEqual(result.ok ? [] : [result.failure.phase])
  if (!result.ok) expect(result.failure.message).not.toMatch(/undefined|\[object|\n {4}at /)
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
}

/** The servers run in this process or in a child, so that a socket that stays, on either end, is the probe's doing. */
async function expectNothingLeft({sockets, timers}: {sockets: () => number; timers: () => number}): Promise<void> {
  const limit = performance.now() + CLOSED_WITHIN_MS
  while ((sockets() > 0 || timers() > 0) && performance.now() < limit) await delay(5)
  expect(sockets(), 'sockets that an attempt left open').toBeLessThanOrEqual(0)
  expect(timers(), 'timers that an attempt left behind').toBe(0)
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|UDPWrap/.test(name)).length
}

function eventsOf(result: AttemptResult, indicator: string): AttemptResult['events'] {
  return result.events.filter((event) => event.indicator === indicator)
}
