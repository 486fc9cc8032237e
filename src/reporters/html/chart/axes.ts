import {clock, count, short} from '../numbers.ts'
import type {Axis} from './chart.ts'
import {linearScale, logScale, niceEnd, timeScale} from './scale.ts'

/** Over this many times of the smallest value, equal steps would hide all but the largest ones. */
const WIDE = 25
/** Above the highest value, for the name of a limit. */
const HEADROOM = 0.12

/** Latencies, in equal steps or, where they reach far, in equal ratios. */
export function latencyAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0)
  const [least, most] = [Math.min(...positive), Math.max(...positive)]
  const format = (value: number) => short(value)
  if (positive.length === 0 || most / least < WIDE) {
    return {...levelAxis('ms', values), format}
  }
  const from = floorOf(least)
  const to = most * (most / from) ** HEADROOM
  return {label: 'ms, logarithmic', format, scale: (paper, about) => logScale({from, to}, paper, about)}
}

/** 1, 2 or 5 times a power of ten. */
function floorOf(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [5, 2, 1].map((multiple) => multiple * power).find((one) => one <= value) ?? power
}

/** Levels and counts from 0. */
export function levelAxis(label: string, values: readonly number[]): Axis {
  const most = Math.max(0, ...values)
  return {
    label,
    format: (value) => (value >= 1000 ? count(value) : short(value)),
    scale: (paper, about) => linearScale({from: 0, to: niceEnd(most, about)}, paper, about),
  }
}

/** Shares as percentages, from the lowest of these values to 100 %; what is lower is drawn at the lower end. */
export function highShareAxis(label: string, values: readonly number[]): Axis {
  const least = Math.max(0, Math.min(1, ...values))
  const from = Math.max(0, 1 - niceEnd(Math.max(0.001, (1 - least) * 1.05), 4))
  const scale: Axis['scale'] = (paper, about) => {
    const {at, ticks} = linearScale({from, to: 1}, paper, about)
    return {at: (value) => at(Math.max(from, value)), ticks}
  }
  return {label, format: percentTick, scale}
}

/** Shares as percentages from 0. */
export function lowShareAxis(label: string, values: readonly number[]): Axis {
  const most = Math.min(1, Math.max(0.01, ...values))
  return {
    label,
    format: percentTick,
    scale: (paper, about) => linearScale({from: 0, to: Math.min(1, niceEnd(most, about))}, paper, about),
  }
}

/** Time after the begin. */
export function timeAxis(toMs: number): Axis {
  const label = toMs >= 3_600_000 ? 'h:min:s' : 'min:s'
  return {label, format: clock, scale: (paper, about) => timeScale({from: 0, to: Math.max(1000, toMs)}, paper, about)}
}

/** Quantiles with the tail drawn out: as far from 90 to 99 % as from 99 to 99.9 %. */
export function quantileAxis(last: number): Axis {
  const place = (share: number) => -Math.log10(1 - Math.min(share, last))
  const ticks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999].filter((share) => share <= last)
  return {
    label: 'percentile',
    format: (share) => (share >= last ? 'max' : String(Math.round(share * 1e5) / 1e3)),
    scale: (paper) => ({
      at: (share) => paper.from + (place(share) / place(last)) * (paper.to - paper.from),
      ticks: [...ticks.filter((share) => place(share) < place(last) * 0.93), last],
    }),
  }
}

function percentTick(share: number): string {
  return `${String(Math.round(share * 1e5) / 1e3)} %`
}
