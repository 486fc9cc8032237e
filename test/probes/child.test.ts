import {spawn} from 'node:child_process'
import {getEventListeners, once} from 'node:events'
import {readdir, readFile} from 'node:fs/promises'
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import type {AttemptResult, CheckResult} from '../../src/core/result.ts'
import {startTurnServer, type TurnServer} from '../../src/demo/turn/server.ts'
import type {Check} from '../../src/probes/check.ts'
import {prepareInChild} from '../../src/probes/child.ts'
import {knownCheck, prepare} from '../../src/probes/prepare.ts'
import {runChecks} from '../../src/probes/run-checks.ts'
import {closing} from '../fixtures/closing.ts'
import {until} from '../fixtures/coturn.ts'
import {silentTcp} from '../fixtures/fault-server.ts'

const SECRET = 'canary-5d1e'

let server: TurnServer
beforeEach(async () => {
  server = await startTurnServer({secret: SECRET})
})
afterEach(() => server.close())

const udp = () => `turn:127.0.0.1:${server.udpPort}?transport=udp`

function check(name: string, address: string, extra: Partial<Check> = {}): Check {
  return {
    name,
    probe: 'ice',
    target: {address, display: address},
    options: {credentials: {secret: SECRET}, messages: 3},
    attempts: 1,
    intervalMs: 0,
    timeoutMs: 8000,
    needs: [],
    tags: [],
    ...extra,
  }
}

const context = (signal = new AbortController().signal) => ({signal, secrets: [SECRET]})

function run(checks: readonly Check[], signal?: AbortSignal): Promise<CheckResult[]> {
  return runChecks(checks, {...context(signal), concurrency: 4})
}

/** A server that takes connections and says nothing: its checks are under way until they are ended. */
async function mute(): Promise<{address: string; contacted: Promise<unknown>}> {
  const {port, contacted} = closing(await silentTcp())
  return {address: `turn:127.0.0.1:${port}?transport=tcp`, contacted}
}

interface Process {
  readonly pid: number
  readonly argv: string
  readonly environment: string
}

/** The processes for heavy checks that a process has started. */
async function childrenOf(parent: number): Promise<Process[]> {
  const found: Process[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
    const [stat, argv] = [await read('stat'), await read('cmdline')]
    const isChild = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
    if (!isChild || !argv.includes('child-main')) continue
    found.push({pid: Number(pid), argv, environment: await read('environ')})
  }
  return found
}

async function theChild(parent = process.pid): Promise<Process> {
  const [child] = await childrenOf(parent)
  if (!child) throw new Error('there is no process for heavy checks')
  return child
}

/** What two attempts have in common that found the same. */
function findings({check: name, probe, target, ok, phases, events, facts}: AttemptResult) {
  return {
    ...{name, probe, target, ok},
    phases: phases.map((phase) => [phase.name, phase.state]),
    events: events.map((event) => [event.indicator, event.ok]),
    facts: Object.keys(facts).sort(),
  }
}

const failureOf = (attempt: AttemptResult | undefined) => (attempt && !attempt.ok ? attempt.failure : undefined)

describe.skipIf(process.platform !== 'linux')('checks in a process of their own', () => {
  test('find what they find in this one, good and bad', async () => {
    const checks = [
      check('good', udp(), {attempts: 2}),
      check('wrong secret', udp(), {options: {credentials: {secret: 'another one'}}}),
    ]
    const here = await Promise.all(
      checks.map(async (one) => {
        const prepared = await prepare(await knownCheck(one))
        return {indicators: prepared.indicators, attempts: await prepared.run(context())}
      }),
    )
    const there = await run(checks)
    expect(there.map(({indicators}) => indicators)).toEqual(here.map(({indicators}) => indicators))
    expect(there.map(({attempts}) => attempts.map(findings))).toEqual(here.map(({attempts}) => attempts.map(findings)))
    expect(there.map(({attempts}) => attempts.map(({ok}) => ok))).toEqual([[true, true], [false]])
    expect(server.stats().allocations).toBe(0)
  })

  test('tell each attempt as it ends', async () => {
    const told: string[] = []
    await runChecks([check('twice', udp(), {attempts: 2})], {
      ...context(),
      concurrency: 1,
      onAttempt: ({check: name, ok}) => told.push(`${name} ${ok}`),
    })
    expect(told).toEqual(['twice true', 'twice true'])
  })

  test('share one process, whose arguments and environment hold no secret, and which ends with them', async () => {
    process.env.CANARY_TURN_SECRET = SECRET // as `secret: ${CANARY_TURN_SECRET}` wants it
    onTestFinished(() => {
      delete process.env.CANARY_TURN_SECRET
    })
    const {address, contacted} = await mute()
    const stop = new AbortController()
    const ended = run([check('one', address), check('two', address)], stop.signal)
    await contacted
    const children = await childrenOf(process.pid)
    expect(children).toHaveLength(1)
    expect(children[0]?.argv).not.toContain(SECRET)
    expect(children[0]?.environment).not.toContain(SECRET)
    stop.abort(new ProbeFailure('aborted', 'interrupted'))
    expect(JSON.stringify(await ended)).not.toContain(SECRET)
    expect(await childrenOf(process.pid)).toEqual([])
  })

  test('that lose their process leave one attempt each that blames the prober, also those not begun', async () => {
    const {address, contacted} = await mute()
    const told: string[] = []
    const begun = runChecks([check('begun', address), check('waiting', udp())], {
      ...context(),
      concurrency: 1,
      onAttempt: (attempt) => told.push(attempt.check),
    })
    await contacted
    process.kill((await theChild()).pid, 'SIGKILL')
    const results = await begun
    expect(told).toEqual(['begun', 'waiting'])
    for (const {attempts} of results) {
      expect(attempts).toHaveLength(1)
      expect(attempts[0]).toMatchObject({ok: false, events: [], failure: {code: 'crashed'}})
      expect(failureOf(attempts[0])?.message).toContain('SIGKILL')
    }
  })

  test('keep the attempts that were told before their process was lost', async () => {
    const children = prepareInChild([await knownCheck(check('often', udp(), {attempts: 1000}))])
    onTestFinished(() => children.dispose())
    const told = Promise.withResolvers<undefined>()
    const results = children.prepared[0]?.run({...context(), onAttempt: () => told.resolve(undefined)})
    await told.promise
    process.kill((await theChild()).pid, 'SIGKILL')
    const attempts = (await results) ?? []
    expect(attempts.length).toBeGreaterThan(1)
    expect(attempts[0]?.ok).toBe(true)
    expect(failureOf(attempts.at(-1))?.code).toBe('crashed')
  })

  test('say so where no process can be had', async () => {
    const {execPath} = process
    process.execPath = '/nonexistent/node'
    onTestFinished(() => void (process.execPath = execPath))
    const [result] = await run([check('homeless', udp())])
    expect(result?.attempts).toMatchObject([{ok: false, events: [], failure: {code: 'crashed'}}])
    expect(failureOf(result?.attempts[0])?.message).toContain('ENOENT')
  })

  test('end when the run is stopped, with the reason of the run', async () => {
    const {address, contacted} = await mute()
    const stop = new AbortController()
    const ended = run([check('stopped', address, {attempts: 3})], stop.signal)
    await contacted
    const startedAt = performance.now()
    stop.abort(new ProbeFailure('out_of_time', "the run's deadline of 1 ms came first"))
    const [result] = await ended
    expect(performance.now() - startedAt).toBeLessThan(4500)
    expect(result?.attempts).toMatchObject([{ok: false, events: [], failure: {code: 'out_of_time'}}])
  })

  test('end when the run is stopped and their process does not answer, with the same reason', async () => {
    const {address, contacted} = await mute()
    const stop = new AbortController()
    const ended = run([check('frozen', address)], stop.signal)
    await contacted
    process.kill((await theChild()).pid, 'SIGSTOP')
    const startedAt = performance.now()
    stop.abort(new ProbeFailure('aborted', 'interrupted'))
    const [result] = await ended
    expect(performance.now() - startedAt).toBeLessThan(8000)
    expect(result?.attempts).toMatchObject([{ok: false, events: [], failure: {code: 'aborted'}}])
    expect(await childrenOf(process.pid)).toEqual([])
  })

  test('end when their process is stuck, though nothing stops the run', async () => {
    const {address, contacted} = await mute()
    const ended = run([check('stuck', address, {timeoutMs: 1000})])
    await contacted
    process.kill((await theChild()).pid, 'SIGSTOP')
    const [result] = await ended
    expect(result?.attempts).toMatchObject([{ok: false, events: [], failure: {code: 'crashed'}}])
    expect(failureOf(result?.attempts[0])?.message).toContain('did not answer')
  })

  test('leave no listener behind', async () => {
    const {signal} = new AbortController()
    await run(
      ['a', 'b', 'c'].map((name) => check(name, udp())),
      signal,
    )
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test.each(['before it is loaded', 'while it works'])('do not outlive a parent that dies %s', async (when) => {
    const {address, contacted} = await mute()
    const probes = new URL('../../src/probes/', import.meta.url).href
    const script = `
      import {prepareInChild} from '${probes}child.ts'
      import {knownCheck} from '${probes}prepare.ts'
      const {prepared} = prepareInChild([await knownCheck(${JSON.stringify(check('orphan', address))})])
      void prepared[0].run({signal: new AbortController().signal, secrets: []})
      console.log('started')`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    if (when === 'while it works') await contacted
    const {pid} = await theChild(parent.pid)
    parent.kill('SIGKILL')
    await until(async () => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) === '')
  })
})
