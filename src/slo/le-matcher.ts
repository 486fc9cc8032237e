/**
 * A matcher for the bucket of an upper bound, in every spelling that exporters give it: "200", "200.0", "1e+06". Classes
 * stand for escapes, as backslashes would have to be doubled in PromQL.
 */
export function leMatcher(bound: number): string {
  const decimal = String(bound).includes('e') ? [] : [String(bound)]
  const spellings = [...decimal, ...exponential(bound)]
  const [only] = spellings
  if (spellings.length === 1 && !Number.isInteger(bound)) return `le="${only}"`
  return `le=~"${spellings.map((spelling) => escaped(spelling) + (isWhole(spelling) ? '([.]0)?' : '')).join('|')}"`
}

/** Go and Python change to exponents of two digits from 1e+06 on and below 1e-04. */
function exponential(bound: number): string[] {
  const size = Math.abs(bound)
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return []
  const [mantissa = '', exponent = ''] = bound.toExponential().split('e')
  return [`${mantissa}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`]
}

/** OpenMetrics asks for ".0" behind whole numbers. */
function isWhole(spelling: string): boolean {
  return /^-?\d+$/.test(spelling)
}

function escaped(spelling: string): string {
  return spelling.replaceAll('.', '[.]').replaceAll('+', '[+]')
}
