import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'
import type {DrillWishes} from '../drill-plan.ts'
import type {AskedPace} from '../drill/pace.ts'
import {scenarioNames, type ScenarioName} from '../drill/scenarios.ts'
import {SMALLEST_PACKET} from '../probes/turn/echo-packet.ts'
import {LARGEST_PACKET} from '../probes/turn/throughput-plan.ts'
import {durationFlag} from './duration-flag.ts'
import {shareFlag} from './percent-flag.ts'

const load = {helpGroup: 'LOAD'} as const
const pace = {helpGroup: 'STAGES'} as const
const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS

const factorFlag = Flags.custom<number>({
  parse(text, _context, {name}) {
    const factor = Number(text)
    if (!(factor > 0) || factor > 1000) {
      throw new UserError(`--${name}: expected a number above 0, at most 1000, got "${text}"`)
    }
    return Promise.resolve(factor)
  },
})

/** What is loaded, how much and for how long. */
export const drillFlags = {
  scenario: Flags.option({options: scenarioNames, default: 'signaling' as const})({
    ...load,
    char: 's',
    summary: 'kind of load',
  }),
  factor: factorFlag({...load, helpValue: 'N', summary: "multiple of the peak (default: the profile's, 2)"}),
  peak: Flags.string({
    ...load,
    multiple: true,
    helpValue: 'NAME=NUMBER',
    summary: "a peak that overrules the profile's, such as connections=1000",
  }),
  'peak-from': Flags.option({options: ['prometheus'] as const})({
    ...load,
    summary: 'take the highest load that Prometheus has seen, and say when that was',
  }),
  over: durationFlag({
    ...load,
    min: 60_000,
    longest: YEAR_MS,
    default: 90 * DAY_MS,
    defaultHelp: () => Promise.resolve('90d'),
    summary: '--peak-from: how far to look back',
  }),
  interval: durationFlag({
    ...load,
    min: 10,
    summary: 'from one round trip of a session to the next (default: derived)',
  }),
  session: durationFlag({
    ...load,
    min: 1000,
    summary: 'how long a session lasts before it begins anew (default: derived)',
  }),
  'sockets-per-vu': Flags.integer({
    ...load,
    min: 1,
    max: 1000,
    summary:
      'sockets of one virtual user of k6; more need less memory (default: 100, 200 from 1000 sessions on, 400 above 5000)',
  }),
  polling: shareFlag({
    ...load,
    summary: 'share of Socket.IO sessions that begin by polling and upgrade, as browsers do',
  }),
  rate: Flags.integer({
    ...load,
    min: 1,
    max: 1000,
    summary: 'turn: packets a second of a call, each way (default: 50)',
  }),
  size: Flags.integer({
    ...load,
    min: SMALLEST_PACKET,
    max: LARGEST_PACKET,
    summary: 'turn: bytes of a packet (default: 160, which is 20 ms of speech)',
  }),
  processes: Flags.integer({
    ...load,
    min: 1,
    max: 64,
    default: 1,
    summary: 'processes of k6 that share out the load on this machine',
  }),
  'warm-up': durationFlag({...pace, summary: 'how long to rise to a tenth of the load'}),
  ramp: durationFlag({...pace, summary: 'how long to rise to all of it (default: by the connect rate)'}),
  steady: durationFlag({...pace, min: 1000, summary: 'how long to hold it, and judge'}),
  down: durationFlag({...pace, summary: 'how long to go down'}),
  hold: durationFlag({...pace, summary: 'before a spike or a storm: how long the load before it is held'}),
  outage: durationFlag({...pace, summary: 'connect-storm: how long nobody is connected'}),
  surge: durationFlag({...pace, summary: 'connect-storm, spike: how fast the load comes'}),
  step: durationFlag({...pace, min: 1000, summary: 'stepped: how long one step lasts'}),
  steps: Flags.integer({...pace, min: 2, max: 50, summary: 'stepped: how many steps'}),
}

type PaceFlag = 'warm-up' | 'ramp' | 'steady' | 'down' | 'hold' | 'outage' | 'surge' | 'step' | 'steps'

interface ParsedFlags extends Readonly<Record<PaceFlag, number | undefined>> {
  readonly scenario: ScenarioName
  readonly factor?: number | undefined
  readonly peak?: readonly string[] | undefined
  readonly interval: number | undefined
  readonly session: number | undefined
  readonly 'sockets-per-vu'?: number | undefined
  readonly processes: number
  readonly polling?: number | undefined
  readonly rate?: number | undefined
  readonly size?: number | undefined
}

export function wishesOf(flags: ParsedFlags): DrillWishes {
  const {scenario, factor, peak, interval, session, polling, processes, 'sockets-per-vu': socketsPerVu} = flags
  const generator = {packets: {rate: flags.rate, size: flags.size}, polling, socketsPerVu, processes}
  return {scenario, factor, peak, pace: paceOf(flags), ...generator, intervalMs: interval, lifeMs: session}
}

/** The flags that were given; those that were not leave the scenario's own. */
function paceOf(flags: Readonly<Record<PaceFlag, number | undefined>>): AskedPace {
  const asked = {
    warmUpMs: flags['warm-up'],
    rampMs: flags.ramp,
    steadyMs: flags.steady,
    downMs: flags.down,
    holdMs: flags.hold,
    outageMs: flags.outage,
    surgeMs: flags.surge,
    stepMs: flags.step,
    steps: flags.steps,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}

/** How far back the peak is looked for, if it is. */
export function overOf(flags: {
  readonly 'peak-from'?: 'prometheus' | undefined
  readonly over: number
}): number | undefined {
  return flags['peak-from'] === 'prometheus' ? flags.over : undefined
}
