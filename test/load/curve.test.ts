import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {phaseAt, shareAt, shareOfSession, tagOf, windowsAbove, type LoadPhase} from '../../src/load/curve.ts'

const phase = (name: string, [startMs, endMs]: readonly [number, number], [from, to]: readonly [number, number]) => ({
  name,
  startMs,
  endMs,
  from,
  to,
  judged: name === 'steady',
})
const plateau = [
  phase('ramp', [0, 100], [0, 1]),
  phase('steady', [100, 200], [1, 1]),
  phase('down', [200, 300], [1, 0]),
]
const storm = [
  phase('hold', [0, 100], [1, 1]),
  phase('outage', [100, 150], [0, 0]),
  phase('steady', [150, 250], [1, 1]),
]

describe('the curve of a load', () => {
  test('a session lives while the curve is above its share', () => {
    expect(windowsAbove(plateau, 0.5)).toEqual([{openMs: 50, closeMs: 250}])
    expect(windowsAbove(plateau, 0.9)).toEqual([{openMs: 90, closeMs: 210}])
  })

  test('a jump ends a life, and begins the next one', () => {
    expect(windowsAbove(storm, 0.3)).toEqual([
      {openMs: 0, closeMs: 100},
      {openMs: 150, closeMs: 250},
    ])
  })

  test('nobody lives above its top', () => {
    expect(windowsAbove([phase('half', [0, 100], [0.5, 0.5])], 0.5)).toEqual([])
  })

  test('at any moment as many sessions live as the curve plans', () => {
    const sessions = 40
    fc.assert(
      fc.property(fc.integer({min: 0, max: 299}), (ms) => {
        const open = Array.from({length: sessions}, (_, index) =>
          windowsAbove(plateau, shareOfSession(index, sessions)),
        ).filter((windows) => windows.some(({openMs, closeMs}) => openMs <= ms && ms < closeMs))
        expect(Math.abs(open.length - shareAt(plateau, ms) * sessions)).toBeLessThanOrEqual(0.5 + 1e-9)
      }),
    )
  })

  test('a moment has the phase that it lies in, the last one after the end', () => {
    expect(phaseAt(plateau, 0)?.name).toBe('ramp')
    expect(phaseAt(plateau, 100)?.name).toBe('steady')
    expect(phaseAt(plateau, 1000)?.name).toBe('down')
  })

  test('what is judged has one tag, whatever its phase is called', () => {
    const storming: Pick<LoadPhase, 'name' | 'judged'> = {name: 'storm', judged: true}
    expect(tagOf(storming)).toBe('steady')
    expect(tagOf({name: 'warm-up', judged: false})).toBe('warm_up')
  })
})
