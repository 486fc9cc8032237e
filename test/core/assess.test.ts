import {describe, expect, test} from 'vitest'
import {assess} from '../../src/core/assess.ts'
import type {Disturbance} from '../../src/core/disturbance.ts'
import type {FailureCode} from '../../src/core/failure.ts'
import {makeReport} from '../../src/core/report.ts'
import type {CheckResult} from '../../src/core/result.ts'
import {attempt, check, objective, refused, roundTrips, run} from '../fixtures/reports.ts'

const latency = objective(
  [
    {share: 0.95, max: 200},
    {level: 'alert', share: 0.95, max: 500, runbook: 'Slow'},
  ],
  {
    unit: 'ms',
  },
)

function session(values: readonly number[], target = 'https://a'): CheckResult {
  const events = roundTrips(values)
  return check([attempt({check: 'signaling', probe: 'signaling', target, events})], {indicators: ['signaling_rtt']})
}
function dead(target = 'https://b', code: FailureCode = 'refused'): CheckResult {
  const failure = {...refused, code}
  const events = code === 'refused' ? roundTrips([], 5) : []
  return check([attempt({check: 'signaling', probe: 'signaling', target, events, failure})], {
    indicators: ['signaling_rtt'],
  })
}
const skippedCheck = check([], {check: 'ice', probe: 'ice', target: 'turn:a', skipped: 'blocked by turn'})
const statusOf = (results: readonly CheckResult[], objectives = [latency]) =>
  makeReport({run, checks: results, verdicts: assess(results, objectives)}, {}).status

describe('a dead target', () => {
  test('fails its latency objective, for what was owed and did not come is bad', () => {
    expect(assess([dead()], [latency])).toMatchObject([
      {objective: 'rtt', status: 'fail', measured: null, failure: {code: 'refused'}, runbook: 'Slow'},
    ])
  })
  test('of three is not averaged away: each target is judged apart, the worst stands first', () => {
    const results = [session([10, 11, 12], 'https://a'), dead('https://b'), session([10, 11, 12], 'https://c')]
    expect(assess(results, [latency]).map(({target, status}) => [target, status])).toEqual([
      ['https://b', 'fail'],
      ['https://a', 'pass'],
      ['https://c', 'pass'],
    ])
    expect(statusOf(results)).toBe('fail')
  })
  test('of a fleet without an objective fails alone, and each target is judged once', () => {
    const node = (target: string, failure?: typeof refused) =>
      check([attempt({check: 'stun', probe: 'stun', target, ...(failure && {failure})})], {
        check: 'stun',
        probe: 'stun',
        target,
      })
    const verdicts = assess([node('stun:a'), node('stun:b', refused), node('stun:c')], [])
    expect(verdicts.map(({target, status}) => [target, status])).toEqual([
      ['stun:b', 'fail'],
      ['stun:a', 'pass'],
      ['stun:c', 'pass'],
    ])
  })
  test('cannot look fast: the quantile that is shown is that of good events, the verdict is not made from it', () => {
    const half = check([attempt({check: 'signaling', probe: 'signaling', events: roundTrips([1, 1, 1, 1, 1], 5)})], {
      indicators: ['signaling_rtt'],
    })
    expect(assess([half], [latency])[0]).toMatchObject({status: 'fail', measured: {value: 1, unit: 'ms'}})
  })
})

describe('unknown is not good', () => {
  test('no check at all is inconclusive', () => expect(statusOf([])).toBe('inconclusive'))
  test('nothing but skipped checks is inconclusive', () => expect(statusOf([skippedCheck])).toBe('inconclusive'))
  test('a skipped check beside a good one does not spoil it', () => {
    expect(statusOf([session([1]), skippedCheck])).toBe('pass')
  })
  test('a skipped check says why', () => {
    expect(assess([skippedCheck], [])).toMatchObject([{status: 'skipped', why: 'blocked by turn', objective: 'ice'}])
  })
  test('an objective without events is inconclusive', () => {
    const empty = session([])
    expect(assess([empty], [latency])).toMatchObject([{status: 'inconclusive', why: 'no data'}])
  })
  test('an objective that only Prometheus can decide is left to it', () => {
    expect(assess([session([1])], [objective([{}], {sources: ['prometheus']})]).map((one) => one.title)).toEqual([
      'all attempts good',
    ])
  })
})

describe('could not measure is not bad', () => {
  test.each<FailureCode>(['offline', 'stranger', 'out_of_time', 'crashed', 'unsupported'])(
    'an attempt that ends as %s makes its objective inconclusive, with the reason',
    (code) => {
      const mixed = {...session([10]), attempts: [...session([10]).attempts, ...dead('https://a', code).attempts]}
      expect(assess([mixed], [latency])).toMatchObject([{status: 'inconclusive', why: refused.message}])
    },
  )
  test('but what was seen to be bad stays bad', () => {
    const mixed = {...session([900]), attempts: [...session([900]).attempts, ...dead('https://a', 'offline').attempts]}
    expect(assess([mixed], [latency])[0]?.status).toBe('fail')
  })
})

describe('a disturbed prober', () => {
  const lag: Disturbance = {kind: 'event_loop_lag', message: 'too busy'}
  const skew: Disturbance = {kind: 'clock_skew', message: 'wrong clock'}
  const availability = objective([{share: 0.9}], {id: 'up', indicator: 'health'})
  const up = check([attempt({events: [{indicator: 'health', ok: true, value: 3}]})], {indicators: ['health']})

  test('makes latencies inconclusive', () => {
    expect(assess([session([900])], [latency], {disturbances: [lag]})).toMatchObject([
      {status: 'inconclusive', why: 'too busy'},
    ])
  })
  test('that is only late measures too long, never too short: a promise kept in spite of it is kept', () => {
    expect(assess([session([10, 20])], [latency], {disturbances: [lag]})[0]?.status).toBe('pass')
  })
  test('that is only late can still tell whether a target answers', () => {
    expect(assess([up], [availability], {disturbances: [lag]})[0]?.status).toBe('pass')
  })
  test('that is only late can still tell that a target is dead', () => {
    expect(assess([dead()], [latency], {disturbances: [lag]})[0]?.status).toBe('fail')
  })
  test('whose clock is wrong can tell nothing', () => {
    expect(assess([up], [availability], {disturbances: [skew]})[0]?.status).toBe('inconclusive')
  })
})

describe('what concerns a check', () => {
  test('a fleet under one name is judged once a target', () => {
    const fleet = ['turn:a', 'turn:b', 'turn:c'].map((target) => check([attempt({check: 'turn', target})]))
    expect(assess(fleet, []).map(({target}) => target)).toEqual(['turn:a', 'turn:b', 'turn:c'])
  })
  test('a check without an objective is held to "all attempts good"', () => {
    const good = check([attempt(), attempt()])
    const bad = check([attempt(), attempt({failure: refused})])
    expect(assess([good], [])).toMatchObject([{status: 'pass', title: 'all attempts good'}])
    expect(assess([bad], [])).toMatchObject([{status: 'fail', failure: {code: 'refused'}}])
  })
  test('one whose every indicator has an objective has no implicit one', () => {
    expect(assess([session([1])], [latency])).toHaveLength(1)
  })
  test('an objective for some checks or tags leaves the others alone', () => {
    const tagged = {...session([900]), tags: ['eu']}
    const only = (of: {checks?: string[]; tags?: string[]}) =>
      assess([tagged], [objective([{max: 1}], {of})]).map((one) => one.objective)
    expect(only({checks: ['other']})).toEqual(['signaling'])
    expect(only({tags: ['us']})).toEqual(['signaling'])
    expect(only({checks: ['signaling'], tags: ['eu']})).toEqual(['rtt'])
  })
  test('two checks of one target are judged together', () => {
    const other = {...session([900]), check: 'signaling-2'}
    expect(assess([session([1]), other], [latency])).toMatchObject([
      {checks: ['signaling', 'signaling-2'], bounds: [{tally: {good: 1, total: 2}}, {}]},
    ])
  })
})

test('an objective of the role load is shown and never decides', () => {
  const load = objective([{share: 1, max: 1}], {role: 'load', id: 'rate'})
  const verdicts = assess([session([900])], [load])
  expect(verdicts).toMatchObject([{status: 'degraded', role: 'load'}])
  expect(makeReport({run, checks: [], verdicts}, {}).status).toBe('inconclusive')
  const kept = assess([session([10])], [latency, objective([{share: 1, max: 1}], {role: 'load', id: 'rate'})])
  expect(makeReport({run, checks: [], verdicts: kept}, {}).status).toBe('pass')
})

test('the runbook is that of the gravest bound that was crossed, else the one of the check', () => {
  const bounds = [
    {share: 1, max: 1, runbook: 'warn'},
    {level: 'alert', share: 1, max: 500, runbook: 'page'},
  ] as const
  expect(assess([session([100])], [objective(bounds)])[0]?.runbook).toBe('warn')
  expect(assess([session([900])], [objective(bounds)])[0]?.runbook).toBe('page')
  const plain = {...session([900]), runbook: 'check'}
  expect(assess([plain], [objective([{share: 1, max: 1}])])[0]?.runbook).toBe('check')
})
