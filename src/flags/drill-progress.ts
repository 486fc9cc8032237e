import type {SeriesPoint} from '../core/drill-result.ts'
import {formatMs} from '../core/duration.ts'

export interface DrillProgress {
  readonly point: (point: SeriesPoint) => void
  readonly stage: (stage: string) => void
  readonly end: () => void
}

/** One line on stderr, anew every second; nothing where stderr is no terminal. */
export function drillProgress(): DrillProgress {
  const {stderr} = process
  if (!stderr.isTTY) return {point: () => {}, stage: () => {}, end: () => {}}
  const show = (text: string) => stderr.write(`\r\u001B[K${text.slice(0, stderr.columns - 1)}`)
  return {
    point: (point) => show(progressLine(point)),
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

/** Phase, load against plan, rates, promises, errors, generator, time left. */
function progressLine(point: SeriesPoint): string {
  const {
    leftMs,
    phase,
    plannedSockets,
    openSockets,
    roundTrips,
    connects,
    requests,
    errors,
    within,
    cpu,
    rtt,
    request,
  } = point
  const worst = Math.min(...Object.values(within))
  const p95 = (rtt ?? request)?.p95
  return [
    phase,
    ...(plannedSockets + openSockets > 0 ? [`${openSockets}/${plannedSockets} sockets`] : []),
    ...(roundTrips > 0 ? [`${roundTrips} round trips/s`] : []),
    ...(connects > 0 ? [`${connects} connects/s`] : []),
    ...(requests > 0 ? [`${requests} requests/s`] : []),
    ...(p95 === undefined ? [] : [`p95 ${formatMs(p95)}`]),
    ...(worst <= 1 ? [`${share(worst)} within`] : []),
    ...(errors === null ? [] : [`${share(errors)} errors`]),
    ...(cpu === null ? [] : [`generator ${Math.round(cpu * 100)} % cpu`]),
    `${formatMs(Math.ceil(leftMs / 1000) * 1000)} left`,
  ].join(' · ')
}

function share(value: number): string {
  return `${Math.floor(value * 1000) / 10} %`
}
