/** A share as a percentage, rounded down so that nothing looks better than it is: 0.9499 never reads as 95 %. */
export function percent(share: number): string {
  const digits = share > 0.99 ? 3 : share > 0.9 ? 2 : 1
  const scale = 10 ** digits
  return `${Math.floor(share * 100 * scale + 1e-6) / scale} %`
}

/** "98.62–99.28 %": the same for who looks closely. */
export function finePercentRange([low, high]: readonly [low: number, high: number]): string {
  return `${(Math.floor(low * 10_000 + 1e-6) / 100).toFixed(2)}–${(Math.ceil(high * 10_000 - 1e-6) / 100).toFixed(2)} %`
}

/** "0.1 points": a difference of shares. */
export function points(difference: number): string {
  return `${Number((difference * 100).toFixed(4))} points`
}

/** "84–100 %": the 95 % interval of a share, rounded outwards. */
export function percentRange([low, high]: readonly [low: number, high: number]): string {
  return `${Math.floor(low * 100 + 1e-6)}–${Math.ceil(high * 100 - 1e-6)} %`
}
