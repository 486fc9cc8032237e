import {describe, expect, test} from 'vitest'
import {judgedArea, judgedSlots, slotFrom, spread} from '../../src/load/timetable.ts'

const steady = (startMs: number, endMs: number) => ({name: 'steady', startMs, endMs, from: 1, to: 1, judged: true})

describe('the timetable of round trips', () => {
  test('is absolute: from any moment on the next slot is a multiple of the interval after the offset', () => {
    const offset = spread(3) * 1000
    expect(slotFrom(3, 1000, 0)).toBeCloseTo(offset)
    expect(slotFrom(3, 1000, offset + 1)).toBeCloseTo(offset + 1000)
    expect(slotFrom(3, 1000, 10_000)).toBeCloseTo(offset + 10_000)
  })

  test('spreads sessions evenly over the interval', () => {
    const tenths = Array.from({length: 100}, (_, index) => Math.floor(spread(index) * 10))
    for (let tenth = 0; tenth < 10; tenth++) expect(tenths.filter((one) => one === tenth).length).toBeCloseTo(10, -1)
  })

  test('has as many slots as a rate and a time make', () => {
    const slots = judgedSlots({phases: [steady(0, 60_000)], sessions: 100, intervalMs: 1000, marginMs: 0})
    expect(slots).toBe(6000)
  })

  test('counts neither the margin at the end of a life nor what is not judged', () => {
    const phases = [{...steady(0, 10_000), judged: false}, steady(10_000, 20_000)]
    const whole = judgedSlots({phases, sessions: 10, intervalMs: 100, marginMs: 0})
    expect(whole).toBe(1000)
    expect(judgedSlots({phases, sessions: 10, intervalMs: 100, marginMs: 1000})).toBe(900)
  })

  test('the area of a slope is that of its middle', () => {
    expect(judgedArea([{...steady(0, 1000), from: 0}, steady(1000, 2000)])).toBe(1500)
  })
})
