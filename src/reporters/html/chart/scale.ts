/** From a value to a place on the paper. */
export interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

export interface Extent {
  readonly from: number
  readonly to: number
}

/** Ticks at multiples of 1, 2 or 5 times a power of ten, about so many. */
export function linearScale({from, to}: Extent, paper: Extent, about: number): Scale {
  const span = to - from || 1
  const step = niceStep(span / about)
  const first = Math.ceil(from / step - 1e-9)
  const ticks = Array.from({length: Math.floor(to / step + 1e-9) - first + 1}, (_, index) =>
    rounded((first + index) * step),
  )
  return {at: (value) => paper.from + ((value - from) / span) * (paper.to - paper.from), ticks}
}

/** Ticks at powers of ten, and at 2 and 5 times of them where the labels of 5 and 10 do not meet. Both ends must be above 0. */
export function logScale({from, to}: Extent, paper: Extent, about: number): Scale {
  const [low, high] = [Math.log10(from), Math.log10(to)]
  const span = high - low || 1
  const multiples = span * 2.5 > about ? [1] : [1, 2, 5]
  const decades = Array.from({length: Math.ceil(high) - Math.floor(low) + 1}, (_, index) => Math.floor(low) + index)
  const ticks = decades
    .flatMap((decade) => multiples.map((multiple) => rounded(multiple * 10 ** decade)))
    .filter((tick) => tick >= from * 0.999 && tick <= to * 1.001)
  return {
    at: (value) => paper.from + ((Math.log10(Math.max(value, from)) - low) / span) * (paper.to - paper.from),
    ticks,
  }
}

const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
)

/** Milliseconds, with ticks where a clock has them. */
export function timeScale({from, to}: Extent, paper: Extent, about: number): Scale {
  const step = clockSteps.find((one) => (to - from) / one <= about) ?? 86_400_000
  const ticks = Array.from(
    {length: Math.floor(to / step) - Math.ceil(from / step) + 1},
    (_, index) => (Math.ceil(from / step) + index) * step,
  )
  return {...linearScale({from, to}, paper, about), ticks}
}

/** The end of an axis from 0 that holds a value and lies on a tick. */
export function niceEnd(value: number, about: number): number {
  if (!(value > 0)) return 1
  const step = niceStep(value / about)
  return rounded(Math.ceil(value / step - 1e-9) * step)
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const multiple = [1, 2, 5, 10].find((one) => one * power >= raw * (1 - 1e-9)) ?? 10
  return multiple * power
}

/** 0.1 + 0.2 is 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
