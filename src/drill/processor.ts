import type {LoadPhase} from '../load/curve.ts'
import type {Calibration} from './calibrate/calibration.ts'
import type {RelaySize} from './relay-size.ts'
import type {Sizing} from './sizing.ts'

/** Milliseconds of one core, each time and each second. */
export type ProcessorCosts = Pick<Calibration, 'idleCpuMs' | 'connectCpuMs' | 'roundTripCpuMs' | 'requestCpuMs'>

/** The gates look at the mean of so long. */
const WINDOW_MS = 10_000

/** How many cores k6 uses in the busiest judged time: the full load, or all who come within seconds. */
export function busiestCores({sockets, requests}: Sizing, phases: readonly LoadPhase[], costs: ProcessorCosts): number {
  const {idleCpuMs, connectCpuMs, roundTripCpuMs, requestCpuMs} = costs
  const perSecond = requests
    ? requests.model === 'open'
      ? requests.perSecond
      : (requests.vus * 1000) / requests.thinkMs
    : 0
  const {connections = 0, connectsPerSecond = 0, messagesPerSecond = 0, requestsPerConnect = 0} = sockets ?? {}
  const connectMs = connectCpuMs + requestsPerConnect * requestCpuMs
  const fullMs = connectsPerSecond * connectMs + messagesPerSecond * roundTripCpuMs + perSecond * requestCpuMs
  const busiestMs = phases
    .filter(({judged}) => judged)
    .map(({from, to, startMs, endMs}) => {
      const comingPerSecond = (Math.max(0, to - from) * connections * 1000) / Math.max(WINDOW_MS, endMs - startMs)
      return Math.max(from, to) * fullMs + comingPerSecond * connectMs
    })
  return (idleCpuMs + Math.max(0, ...busiestMs)) / 1000
}

/** A second of one core is good for so many packets there and back (measured against coturn). */
const PACKETS_PER_CORE = 13_000

/** How many cores our own client uses to send the packets of all calls, and to send them back. */
export function relayCores({calls, intervalMs}: Pick<RelaySize, 'calls' | 'intervalMs'>): number {
  return (calls * 1000) / intervalMs / PACKETS_PER_CORE
}
