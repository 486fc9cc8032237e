import type {SeriesPoint} from '../core/drill-result.ts'
import {formatMs} from '../core/duration.ts'
import type {LoadWords} from '../core/load-words.ts'

export interface DrillProgress {
  readonly point: (point: SeriesPoint) => void
  readonly stage: (stage: string) => void
  readonly end: () => void
}

/** A terminal without a size says that it has none. */
const UNKNOWN_COLUMNS = 80

/** One line on stderr, anew every second; nothing where stderr is no terminal. */
export function drillProgress(words: LoadWords): DrillProgress {
  const {stderr} = process
  if (!stderr.isTTY) return {point: () => {}, stage: () => {}, end: () => {}}
  const columns = () => (stderr.columns || UNKNOWN_COLUMNS) - 1
  const show = (text: string) => stderr.write(`\r\u001B[K${text.slice(0, columns())}`)
  return {
    point: (point) => show(progressLine(point, words, columns())),
    stage: (stage) => show(stages[stage] ?? stage),
    end: () => stderr.write('\r\u001B[K'),
  }
}

const stages: Readonly<Record<string, string>> = {
  preflight: 'looking whether the drill can be run',
  before: 'the checks before the load',
  load: 'the generator starts',
  after: 'the checks after the load',
}

/**
 * A second in one line, the most important first: phase and time left, load against plan, promises, errors, the
 * generator, latency, rates. What does not fit into so many columns is left out whole.
 */
export function progressLine(point: SeriesPoint, words: LoadWords, columns: number): string {
  const {leftMs, phase, plannedSockets, openSockets, within, errors, cpu, rtt, request} = point
  const worst = Math.min(...Object.values(within))
  const p95 = (rtt ?? request)?.p95
  const parts = [
    `${phase}, ${formatMs(Math.ceil(leftMs / 1000) * 1000)} left`,
    ...(plannedSockets + openSockets > 0 ? [`${openSockets}/${plannedSockets} ${words.clients}`] : []),
    ...(worst <= 1 ? [`${Math.floor(worst * 1000) / 10} % in target`] : []),
    ...(errors === null ? [] : [`${Math.ceil(errors * 1000 - 1e-9) / 10} % errors`]),
    ...(cpu === null ? [] : [`${words.generator} ${Math.round(cpu * 100)} % cpu`]),
    ...(p95 === undefined ? [] : [`p95 ${formatMs(p95)}`]),
    ...rate(point.roundTrips, words.trips),
    ...rate(point.connects, words.begun),
    ...rate(point.requests, 'requests'),
  ]
  const fitting = parts.filter((_, index) => parts.slice(0, index + 1).join(BETWEEN).length <= columns)
  return fitting.join(BETWEEN)
}

const BETWEEN = ' · '

function rate(value: number, name: string): string[] {
  return value > 0 ? [`${value} ${name}/s`] : []
}
