import type {LoadPhase} from '../load/curve.ts'
import {usualPace, type Pace} from './pace.ts'

/** The kinds of load that a scenario puts on a system. */
export type LoadKind = 'sockets' | 'requests' | 'relays'

export interface Scenario {
  readonly summary: string
  readonly kinds: readonly LoadKind[]
  readonly pace: Pace
  /** The course of the load; `ordinary` is the share that the peak itself is of the full load. */
  readonly phases: (pace: Pace, ordinary: number) => LoadPhase[]
}

const sockets = ['sockets'] as const
const HOUR = 3_600_000

/** Every scenario: the only list of their names. */
export const scenarios = {
  signaling: {
    summary: 'persistent sessions: connect, match, offer and answer, round trips on a timetable, leave',
    kinds: sockets,
    pace: usualPace,
    phases: plateau,
  },
  http: {
    summary: 'the requests of the http checks, at a rate that does not wait for answers',
    kinds: ['requests'],
    pace: usualPace,
    phases: plateau,
  },
  mixed: {summary: 'signaling and http side by side', kinds: ['sockets', 'requests'], pace: usualPace, phases: plateau},
  'connect-storm': {
    summary: 'everybody is cut off, and comes back at once',
    kinds: sockets,
    pace: {...usualPace, steadyMs: 120_000},
    phases: ({warmUpMs, rampMs, holdMs, outageMs, surgeMs, steadyMs, downMs}) =>
      timeline([
        ...rise(warmUpMs, rampMs, 1),
        {name: 'hold', ms: holdMs, from: 1, to: 1},
        {name: 'outage', ms: outageMs, from: 0, to: 0},
        {name: 'storm', ms: surgeMs, from: 0, to: 1, judged: true},
        {name: 'steady', ms: steadyMs, from: 1, to: 1, judged: true},
        {name: 'down', ms: downMs, from: 1, to: 0},
      ]),
  },
  spike: {
    summary: 'the ordinary peak, then all of the load within seconds, then the ordinary peak again',
    kinds: sockets,
    pace: {...usualPace, steadyMs: 120_000},
    phases: ({warmUpMs, rampMs, holdMs, surgeMs, steadyMs, downMs}, ordinary) =>
      timeline([
        ...rise(warmUpMs, rampMs, ordinary),
        {name: 'hold', ms: holdMs, from: ordinary, to: ordinary},
        {name: 'spike', ms: surgeMs, from: ordinary, to: 1, judged: true},
        {name: 'steady', ms: steadyMs, from: 1, to: 1, judged: true},
        {name: 'relief', ms: surgeMs, from: 1, to: ordinary},
        {name: 'recovery', ms: holdMs, from: ordinary, to: ordinary},
        {name: 'down', ms: downMs, from: ordinary, to: 0},
      ]),
  },
  soak: {
    summary: 'signaling for hours: what leaks shows',
    kinds: sockets,
    pace: {...usualPace, steadyMs: 2 * HOUR},
    phases: plateau,
  },
  stepped: {
    summary: 'step by step to the full load: where does it break?',
    kinds: sockets,
    pace: usualPace,
    phases: ({warmUpMs, stepMs, steps, downMs}) =>
      timeline([
        {name: 'warm-up', ms: warmUpMs, from: 0, to: 0.1 / steps},
        ...Array.from({length: steps}, (_, index) => [
          {
            name: `climb-${index + 1}`,
            ms: stepMs / 4,
            from: index === 0 ? 0.1 / steps : index / steps,
            to: (index + 1) / steps,
          },
          {
            name: `step-${index + 1}`,
            ms: (stepMs * 3) / 4,
            from: (index + 1) / steps,
            to: (index + 1) / steps,
            judged: index === steps - 1,
          },
        ]).flat(),
        {name: 'down', ms: downMs, from: 1, to: 0},
      ]),
  },
  turn: {
    summary: 'calls through the TURN server: allocate, packets there and back on a timetable, release',
    kinds: ['relays'],
    pace: usualPace,
    phases: plateau,
  },
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof scenarios
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[]

/** Whether a scenario is made of calls, and not of sockets. */
export function loadsRelays(name: ScenarioName): boolean {
  const {kinds}: Scenario = scenarios[name]
  return kinds.includes('relays')
}

interface Part {
  readonly name: string
  readonly ms: number
  readonly from: number
  readonly to: number
  readonly judged?: boolean
}

/** Up slowly, up to all of it, hold it, down. */
function plateau({warmUpMs, rampMs, steadyMs, downMs}: Pace): LoadPhase[] {
  return timeline([
    ...rise(warmUpMs, rampMs, 1),
    {name: 'steady', ms: steadyMs, from: 1, to: 1, judged: true},
    {name: 'down', ms: downMs, from: 1, to: 0},
  ])
}

/** A cold server compiles, opens pools and fills caches: a tenth of the load is enough for that. */
function rise(warmUpMs: number, rampMs: number, to: number): Part[] {
  return [
    {name: 'warm-up', ms: warmUpMs, from: 0, to: to / 10},
    {name: 'ramp', ms: rampMs, from: to / 10, to},
  ]
}

/** Parts one after the other; those that take no time are left out. */
function timeline(parts: readonly Part[]): LoadPhase[] {
  let startMs = 0
  return parts.flatMap(({name, ms, from, to, judged = false}) => {
    const phase = {name, startMs, endMs: startMs + ms, from, to, judged}
    startMs += ms
    return ms > 0 ? [phase] : []
  })
}
