import {mkdtempSync} from 'node:fs'
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
  const run = {sockets: 50, trips: 10, cpuMs: 500, peakBytes: 60e6}
  const costs = costsOf(run, {...run, sockets: 550, cpuMs: 1500, peakBytes: 110e6}, {...run, trips: 5010, cpuMs: 1500})

  test('is what many use more than few', () => {
    expect(costs).toEqual({baseBytes: 55e6, socketBytes: 100_000, connectCpuMs: 2, roundTripCpuMs: 0.2})
  })

  test('a run that happened to use less costs nothing, not less than that', () => {
    expect(costsOf(run, {...run, sockets: 550, cpuMs: 400, peakBytes: 50e6}, run)).toMatchObject({
      socketBytes: 0,
      connectCpuMs: 0,
      roundTripCpuMs: 0,
    })
  })

  test('the scarcest of memory, ports and files limits the sockets', () => {
    const calibration = {schema: 1, at: '', k6: '2.2.0', cores: 2, ...costs} as const
    const machine = {cores: 2, availableBytes: 1e9, ports: 28_000, files: 20_000}
    expect(capacityOf(calibration, machine)).toEqual({
      sockets: 8450,
      limitedBy: 'memory',
      connectsPerSecond: 800,
      roundTripsPerSecond: 8000,
    })
    expect(capacityOf(calibration, {...machine, availableBytes: 64e9})).toMatchObject({
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
    return (JSON.parse(stdout) as {resources: {memoryBytes: number; calibratedAt?: string}}).resources
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
  expect(capacity.sockets).toBeGreaterThan(0)
  expect(file).toBe(join(env.XDG_CACHE_HOME, 'rtc-probe', 'calibration.json'))
  expect((await plan()).calibratedAt).toBe(calibration.at)
})

test('without k6 nothing is measured, and it is said what to do', async () => {
  const {code, stderr} = await runCli(['drill', 'calibrate', '--k6', '/nowhere/k6'], {})
  expect(stderr).toMatch(/^expected a k6, got none\n {2}install k6/)
  expect(code).toBe(3)
})
