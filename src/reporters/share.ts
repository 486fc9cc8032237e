/** A share as a percentage, rounded down so that nothing looks better than it is: 0.9499 never reads as 95 %. */
export function percent(share: number): string {
  const digits = share > 0.99 ? 3 : share > 0.9 ? 2 : 1
  const scale = 10 ** digits
  return `${Math.floor(share * 100 * scale + 1e-6) / scale} %`
}

/** "84–100 %": the 95 % interval of a share, rounded outwards. */
export function percentRange([low, high]: readonly [low: number, high: number]): string {
  return `${Math.floor(low * 100 + 1e-6)}–${Math.ceil(high * 100 - 1e-6)} %`
}
