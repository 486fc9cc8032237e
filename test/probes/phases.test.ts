import fc from 'fast-check'
import {expect, test} from 'vitest'
import {Phases} from '../../src/probes/phases.ts'

const KNOWN = ['resolve', 'connect', 'tls', 'upgrade']

test('phases follow one another and add up to the total', () => {
  const phases = new Phases(100, KNOWN)
  phases.begin('resolve', 101)
  phases.begin('connect', 110)
  phases.begin('upgrade', 130)
  expect(phases.end(170, undefined)).toEqual({
    totalMs: 70,
    list: [
      {name: 'resolve', ms: 10, state: 'done'}, // the millisecond before it was begun is its own
      {name: 'connect', ms: 20, state: 'done'},
      {name: 'tls', ms: 0, state: 'skipped'},
      {name: 'upgrade', ms: 40, state: 'done'},
    ],
  })
})

test('a phase that is begun again goes on adding up, as over redirects', () => {
  const phases = new Phases(0, KNOWN)
  phases.begin('resolve', 0)
  phases.begin('connect', 10)
  phases.begin('resolve', 30)
  phases.begin('connect', 35)
  const {list} = phases.end(40, undefined)
  expect(list.slice(0, 2)).toEqual([
    {name: 'resolve', ms: 15, state: 'done'},
    {name: 'connect', ms: 25, state: 'done'},
  ])
})

test('the failed phase is marked, and those after it are skipped', () => {
  const phases = new Phases(0, KNOWN)
  phases.begin('resolve', 0)
  phases.begin('connect', 5)
  const {list} = phases.end(9, phases.failing())
  expect(list.map(({state}) => state)).toEqual(['done', 'failed', 'skipped', 'skipped'])
})

test('a clean-up that begins other phases does not move the failure', () => {
  const phases = new Phases(0, KNOWN)
  phases.begin('connect', 0)
  phases.mark()
  phases.begin('upgrade', 5)
  expect(phases.failing()).toBe('connect')
})

test('a phase that will not happen says why', () => {
  const phases = new Phases(0, KNOWN)
  phases.begin('resolve', 0)
  phases.skip('tls', 'a plain address')
  expect(phases.end(1, undefined).list[2]).toEqual({name: 'tls', ms: 0, state: 'skipped', why: 'a plain address'})
})

test('an attempt that ends before its first phase spends its time in that phase', () => {
  expect(new Phases(0, KNOWN).end(7, 'resolve').list[0]).toEqual({name: 'resolve', ms: 7, state: 'failed'})
})

test('whatever is begun in whatever order, the phases add up', () => {
  const step = fc.record({name: fc.constantFrom(...KNOWN, 'other'), ms: fc.double({min: 0, max: 1e4, noNaN: true})})
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const phases = new Phases(5, KNOWN)
      let now = 5
      for (const {name, ms} of steps) phases.begin(name, (now += ms))
      const {totalMs, list} = phases.end(now + 1, undefined)
      expect(list.reduce((sum, {ms}) => sum + ms, 0)).toBeCloseTo(totalMs, 6)
      expect(list.filter(({name}) => KNOWN.includes(name)).map(({name}) => name)).toEqual(KNOWN)
    }),
  )
})
