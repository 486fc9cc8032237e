import {existsSync, mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Calibrated} from '../../src/drill-calibrate.ts'
import {capacityOf, costsOf} from '../../src/drill/calibrate/calibration.ts'
import {runCli} from '../fixtures/cli.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

describe('what a load costs', () => {
  const run = {sockets: 50, trips: 10, requests: 0, seconds: 8, cpuMs: 500, peakBytes: 60e6}
  const costs = costsOf({
    few: run,
    many: {...run, sockets: 550, cpuMs: 1500, peakBytes: 110e6},
    busy: {...run, trips: 5010, cpuMs: 1500},
    requests: {...run, sockets: 0, requests: 1000, cpuMs: 900},
  })

  test('is what many use more than few, and requests more than nothing', () => {
    expect(costs).toEqual({
      baseBytes: 55e6,
      socketBytes: 100_000,
      idleCpuMs: 50,
      connectCpuMs: 2,
      roundTripCpuMs: 0.2,
      requestCpuMs: 0.5,
    })
  })

  test('a run that happened to use less costs nothing, not less than that', () => {
    const many = {...run, sockets: 550, cpuMs: 400, peakBytes: 50e6}
    expect(costsOf({few: run, many, busy: run, requests: {...run, cpuMs: 100}})).toMatchObject({
      socketBytes: 0,
      connectCpuMs: 0,
      roundTripCpuMs: 0,
      requestCpuMs: 0,
    })
  })

  test('the scarcest of memory, ports and files limits the sockets', () => {
    const machine = {cores: 2, availableBytes: 1e9, ports: 28_000, files: 20_000}
    expect(capacityOf(costs, machine)).toEqual({
      sockets: 8450,
      limitedBy: 'memory',
      connectsPerSecond: 775,
      roundTripsPerSecond: 7750,
      requestsPerSecond: 3100,
    })
    expect(capacityOf(costs, {...machine, availableBytes: 64e9})).toMatchObject({
      sockets: 18_000,
      limitedBy: 'files',
    })
  })
})

test('this machine is measured once, and its plans reckon by it', {timeout: 120_000}, async () => {
  const cwd = configFolder({
    'probe.yaml': 'profile: chat-backend\ninstance: here\ntargets: {backend: "http://127.0.0.1:1"}\n',
  })
  const env = {XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'calibrate-')), PROBE_K6: k6}
  const plan = async () => {
    const {stdout} = await runCli(['drill', 'plan', '--scenario', 'http', '--json'], {cwd, env})
    return (JSON.parse(stdout) as {resources: {cores: number; calibratedAt?: string}}).resources
  }
  expect((await plan()).calibratedAt).toBeUndefined()
  const {code, stdout, stderr} = await runCli(['drill', 'calibrate', '--json'], {cwd, env})
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const {calibration, capacity, file} = JSON.parse(stdout) as Calibrated
  // The load was made: how much it cost is the machine's own affair.
  expect(calibration.baseBytes).toBeGreaterThan(1e6)
  expect(calibration.socketBytes).toBeGreaterThan(0)
  expect(calibration.roundTripCpuMs).toBeGreaterThan(0)
  expect(calibration.requestCpuMs).toBeGreaterThan(0)
  expect(capacity.sockets).toBeGreaterThan(0)
  expect(file).toBe(join(env.XDG_CACHE_HOME, 'rtc-probe', 'calibration.json'))
  // 200 requests a second, as the profile has it.
  const expected = (calibration.idleCpuMs + 200 * calibration.requestCpuMs) / 1000
  expect(await plan()).toMatchObject({calibratedAt: calibration.at, cores: expect.closeTo(expected) as number})

  // A calibration by which it cannot be done keeps the drill from beginning; another machine's says nothing of it.
  writeFileSync(file, JSON.stringify({...calibration, requestCpuMs: 1e6}))
  const {code: refused, stderr: why} = await runCli(['drill', 'run', '--scenario', 'http'], {cwd, env})
  expect(why).toMatch(
    /^this drill needs about 200000\.\d cores, and its generator is believed up to [^\n]* \(80 %\)\n {2}load less/,
  )
  expect(refused).toBe(3)
  expect(existsSync(join(cwd, 'reports'))).toBe(false)
  writeFileSync(file, JSON.stringify({...calibration, processor: 'another'}))
  expect((await plan()).calibratedAt).toBeUndefined()
})

test('without k6 nothing is measured, and it is said what to do', async () => {
  const {code, stderr} = await runCli(['drill', 'calibrate', '--k6', '/nowhere/k6'], {})
  expect(stderr).toMatch(/^expected a k6, got none at \/nowhere\/k6\n {2}install k6/)
  expect(code).toBe(3)
})
