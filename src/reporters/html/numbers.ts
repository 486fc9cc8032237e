/** "Round trips" */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** "1 thread", "2 threads" */
export function counted(value: number, plural: string): string {
  return `${count(value)} ${value === 1 ? plural.replace(/(?<=ss)es$|s$/, '') : plural}`
}

/** "12,345" */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** As short as it can be without a digit that matters being lost: "0.25", "12.5", "1,200". */
export function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', {maximumFractionDigits: digits})
}

/** "1:05", "2:00:00": a time after the begin. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const tail = String(rest).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** "2026-11-26 14:15 UTC" */
export function instant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** "+4.98", "−12.3": with a sign that is as wide as a digit. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? `±${text}` : `${value > 0 ? '+' : '−'}${text}`
}

/** "≤" for the "<=" of plain text. */
export function typographic(text: string): string {
  return text.replaceAll('<=', '≤').replaceAll('>=', '≥')
}
