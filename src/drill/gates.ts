import type {Gate, GeneratorFacts, SeriesPoint} from '../core/drill-result.ts'
import {formatMs} from '../core/duration.ts'
import type {Objective} from '../core/objective.ts'

/** Limits of the generator's health, beyond which nothing that it measured can be believed. */
export interface GateLimits {
  /** Part of all cores, over any ten judged seconds. */
  readonly cpu: number
  /** 99th percentile of how late its loop was. */
  readonly lagMs: number
}

/** Parts of what the machine has, beyond which a generator is not believed. */
export const CPU_SHARE = 0.8
export const MEMORY_SHARE = 0.9
export const FILES_SHARE = 0.9
const CPU_SECONDS = 10

/** A tenth of the tightest promise, at most 50 ms: what is later than that shows in the latencies. */
export function lagLimit(objectives: readonly Objective[]): number {
  const limits = objectives.flatMap(({bounds}) => bounds.flatMap(({max}) => max ?? []))
  return Math.min(50, ...limits.map((max) => max / 10))
}

export interface GeneratorEvidence {
  /** What the generator's parts are called: "virtual users". */
  readonly parts: string
  readonly facts: GeneratorFacts
  /** Points of judged phases. */
  readonly judged: readonly SeriesPoint[]
  /** Undefined without samples: of a generator that holds no sockets, or of one that never came so far. */
  readonly lagP99Ms: number | undefined
  readonly sockets: boolean
  readonly fds: {readonly open: number; readonly max: number} | undefined
  readonly exceptions: number
  /** Connections that could not be made for want of ports or files. */
  readonly exhausted: number
  /** Its parts whose number is fixed; undefined for a drill that did not get so far. */
  readonly vus: {readonly planned: number; readonly started: number} | undefined
}

/** Every limit with what was seen: the answer to "can the numbers be believed?". */
export function gatesOf({cpu, lagMs}: GateLimits, evidence: GeneratorEvidence): Gate[] {
  const {parts, facts, judged, fds, exceptions, exhausted, vus} = evidence
  const busiest = worstMean(judged.flatMap((point) => point.cpu ?? []))
  const memory = Math.max(0, ...judged.map(({memoryBytes}) => (memoryBytes ?? 0) / facts.memoryBytes))
  const files = fds ? fds.open / fds.max : 0
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return [
    gate('cpu', [busiest, cpu], `the generator used ${percent(busiest)} of all cores, at most ${percent(cpu)}`),
    gate(
      'memory',
      [memory, MEMORY_SHARE],
      `the generator used ${percent(memory)} of the memory, at most ${percent(MEMORY_SHARE)}`,
    ),
    gate(
      'files',
      [files, FILES_SHARE],
      `the generator used ${percent(files)} of its open files, at most ${percent(FILES_SHARE)}`,
    ),
    ...lagGate(evidence, lagMs),
    gate('exceptions', [exceptions, 0], `${exceptions} exceptions in the generator`),
    gate('resources', [exhausted, 0], `${exhausted} connections found no local port or file`),
    ...(vus
      ? [
          gate(
            'vus',
            [vus.planned - vus.started, 0],
            `the generator started ${vus.started} of ${vus.planned} ${parts}${vus.started < vus.planned ? ', and says nothing of it' : ''}`,
          ),
        ]
      : []),
  ]
}

/** Requests know no lateness of their own: k6 counts those that it could not begin. */
function lagGate({sockets, judged, lagP99Ms}: GeneratorEvidence, limitMs: number): Gate[] {
  if (!sockets) return []
  if (lagP99Ms === undefined)
    return [{...gate('lag', [0, limitMs], 'how late the generator ran is not known'), ok: judged.length === 0}]
  const message = `the generator ran ${formatMs(lagP99Ms)} late (p99), at most ${formatMs(limitMs)}`
  return [gate('lag', [lagP99Ms, limitMs], message)]
}

function gate(name: Gate['name'], [worst, limit]: readonly [number, number], message: string): Gate {
  return {name, ok: worst <= limit, worst, limit, message}
}

/** The highest mean of ten seconds running; of fewer, the mean of all. */
function worstMean(values: readonly number[]): number {
  const size = Math.min(CPU_SECONDS, values.length)
  if (size === 0) return 0
  const means = values
    .slice(0, values.length - size + 1)
    .map((_, from) => values.slice(from, from + size).reduce((sum, value) => sum + value, 0) / size)
  return Math.max(...means)
}
