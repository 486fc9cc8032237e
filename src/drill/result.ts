import type {Counted, DrillPhase, DrillResult, Gate, Snapshot} from '../core/drill-result.ts'
import {tagOf} from '../load/curve.ts'
import {measures} from '../load/measures.ts'
import {phased, tagged} from '../load/summary-parts.ts'
import {relayMeasures} from '../load/relay-measures.ts'
import type {Workload} from '../load/workload.ts'
import type {Generated} from './generator.ts'
import type {Measured} from './measured.ts'
import type {DrillPlan} from './plan.ts'

export interface ResultInput {
  readonly plan: DrillPlan
  readonly workload: Workload
  readonly facts: Pick<DrillResult, 'targets' | 'workloadHash' | 'workload' | 'script' | 'repeat' | 'k6' | 'generator'>
  readonly generated: Generated
  readonly loads: DrillResult['loads']
  readonly gates: readonly Gate[]
  readonly limited: number | null
  readonly before: readonly Snapshot[]
  readonly after: readonly Snapshot[]
}

/** All that a drill found, in the shape of its report. */
export function resultOf(input: ResultInput): DrillResult {
  const {plan, workload, facts, generated, loads, gates, limited, before, after} = input
  const {measured, series, end, failures} = generated
  return {
    scenario: plan.scenario,
    factor: plan.factor,
    startedAt: generated.startedAt,
    ...facts,
    end,
    dimensions: plan.sizing.dimensions,
    phases: phasesOf(workload, measured),
    loads,
    gates,
    funnel: funnelOf(workload, measured),
    failures: counted(measured, measures.failures, failures),
    closes: counted(measured, measures.closes),
    refusals: counted(measured, measures.refusals),
    limited,
    series,
    before,
    after,
    earlier: [],
  }
}

function phasesOf({phases, bounds}: Workload, measured: Measured | undefined): DrillPhase[] {
  const rateNames = [...phased.rates, ...phased.tallies, ...bounds.map(({metric}) => metric)]
  return phases.map((phase) => {
    const tag = tagOf(phase)
    const rates = rateNames.flatMap((name) => {
      const tally = measured?.rate(`${name}{phase:${tag}}`)
      return tally && tally.total > 0 ? [[name, tally] as const] : []
    })
    const trends = [...phased.trends, relayMeasures.jitterMs].flatMap((name) => {
      const values = measured?.trend(`${name}{phase:${tag}}`)
      return values ? [[name, values] as const] : []
    })
    const ranges = phased.trends.flatMap((name) => {
      const found = measured?.ranges?.(`${name}{phase:${tag}}`)
      return found ? [[name, found] as const] : []
    })
    return {
      ...phase,
      tag,
      rates: Object.fromEntries(rates),
      trends: Object.fromEntries(trends),
      ...(ranges.length > 0 && {ranges: Object.fromEntries(ranges)}),
    }
  })
}

const {asked, dialled, upgraded, engine, namespace, joined, matched, answered, ready} = measures
const {connected, challenged, allocated, permitted, bound, echoed} = relayMeasures
const stagesOfSockets = [dialled, upgraded, engine, namespace, joined, matched, answered, ready]
const stagesOfRelays = [dialled, connected, challenged, allocated, permitted, bound, echoed]

function funnelOf({sockets, relays}: Workload, measured: Measured | undefined): DrillResult['funnel'] {
  const asks = sockets !== undefined && sockets.dialect.before.length > 0
  const stages = sockets ? [...(asks ? [asked] : []), ...stagesOfSockets] : relays ? stagesOfRelays : []
  return stages.map((name) => ({stage: name.replace('funnel_', ''), clients: measured?.counter(name) ?? 0}))
}

export function counted(
  measured: Measured | undefined,
  metric: string,
  messages: Readonly<Record<string, string>> = {},
): Counted[] {
  return (tagged[metric] ?? [])
    .map((code) => {
      const message = messages[code]
      return {
        code,
        count: measured?.counter(`${metric}{code:${code}}`) ?? 0,
        ...(message !== undefined && {message}),
      }
    })
    .filter(({count}) => count > 0)
    .sort((a, b) => b.count - a.count)
}
