const units: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000}

/** What a timer of Node can wait, a little over 24 days; of more it makes 1 ms. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Milliseconds of a duration in Prometheus' grammar ("500ms", "5m", "1h30m"), or null for anything else. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? Number.NaN), 0)
}

/** A duration for people: "0.42 ms", "12.3 ms", "1.2 s", "3 min". Limits lie where the rounding does. */
export function formatMs(ms: number): string {
  if (ms < 0.995) return `${ms.toFixed(2)} ms`
  if (ms < 99.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${trim(ms / 1000)} s`
  if (ms < 7_200_000) return `${trim(ms / 60_000)} min`
  return `${trim(ms / 3_600_000)} h`
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A duration as Prometheus reads it, in one unit: servers before 2.21 know no "1h30m". Rounded to whole milliseconds. */
export function promDuration(ms: number): string {
  const whole = Math.max(1, Math.round(ms))
  const [unit, length] = Object.entries(units).findLast(([, size]) => whole % size === 0) ?? ['ms', 1]
  return `${whole / length}${unit}`
}
