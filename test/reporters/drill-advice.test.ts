import {describe, expect, test} from 'vitest'
import type {DrillResult, Gate} from '../../src/core/drill-result.ts'
import type {Report} from '../../src/core/report.ts'
import {adviceOf, type DrillAdvice} from '../../src/reporters/drill-advice.ts'
import {drillReport, type DrillStory} from '../fixtures/drill-report.ts'

function advice(story: DrillStory, rest: Partial<Report> = {}, drill: Partial<DrillResult> = {}): DrillAdvice {
  const report = {...drillReport(story), ...rest}
  return adviceOf(report, {...report.drill, before: [], after: [], ...drill})
}

const gate = (name: Gate['name'], ok: boolean): Gate => ({name, ok, worst: 0, limit: 0, message: name})

describe('what the figures of a drill say about where to look', () => {
  test('nothing, where it passed', () => {
    expect(advice({}, {status: 'pass'})).toEqual({steps: []})
  })

  test('where most connections ended, and by what', () => {
    expect(advice({failed: 900}, {status: 'fail'}).broke).toBe(
      '50 of 1100 connections did not come to "upgraded": upgrade_refused, status 503',
    )
  })

  test('of stages that its conversations do not have, nothing', () => {
    const stage = (name: string, clients: number) => ({stage: name, clients})
    const funnel = [stage('dialled', 40), stage('upgraded', 30), stage('engine_open', 0), stage('ready', 30)]
    expect(advice({}, {status: 'fail'}, {funnel}).broke).toMatch(/^10 of 40 .* "upgraded"/)
    const nobody = [stage('dialled', 40), stage('upgraded', 0), stage('engine_open', 0), stage('ready', 0)]
    expect(advice({}, {status: 'fail'}, {funnel: nobody}).broke).toMatch(/^40 of 40 .* "upgraded"/)
  })

  test('that nothing failed and answers are late', () => {
    const verdicts = drillReport().verdicts.map((verdict) =>
      verdict.objective === 'latency'
        ? {...verdict, status: 'fail' as const, bounds: verdict.bounds.map((bound) => ({...bound, met: false}))}
        : verdict,
    )
    const {broke} = advice({}, {status: 'fail', verdicts}, {failures: []})
    expect(broke).toBe('no layer failed: answers come too late')
  })

  test('that the generator is in doubt, and then nothing of the target', () => {
    const late = [gate('cpu', true), gate('lag', false)]
    const {broke, steps} = advice({gates: late}, {status: 'inconclusive'})
    expect(broke).toMatch(/^the generator/)
    expect(steps).toEqual([expect.stringMatching(/something else uses this machine.*--max-lag/)])
    const busy = advice({gates: [gate('cpu', false), gate('lag', false)]}, {status: 'inconclusive'})
    expect(busy.steps).toEqual([
      expect.stringMatching(/more cores.*drill plan/),
      'It ran late for want of processor time.',
    ])
  })

  test('that the target fails without the load as well', () => {
    const after = [{objective: 'latency', target: 'http://chat.example', status: 'fail'}] as const
    expect(advice({}, {status: 'fail'}, {after}).steps[0]).toMatch(/^The target fails without the load/)
  })

  test('where the generator said why it crashed', () => {
    const end = {kind: 'crashed', message: 'k6 was ended by SIGKILL'} as const
    const generator = {cores: 2, memoryBytes: 8e9, vus: 4, processes: 2}
    expect(advice({}, {status: 'inconclusive'}, {end}).steps[0]).toMatch(/^See k6\.log beside this report/)
    expect(advice({}, {status: 'inconclusive'}, {end, generator}).steps[0]).toMatch(/^See k6\.log of each process/)
  })

  test('to run it again, where it was stopped', () => {
    const end = {kind: 'interrupted', message: 'interrupted'} as const
    expect(advice({}, {status: 'inconclusive'}, {end}).steps[0]).toMatch(/^Run it again/)
  })
})
