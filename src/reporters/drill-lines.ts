import type {DrillPhase, DrillResult} from '../core/drill-result.ts'
import {formatMs} from '../core/duration.ts'
import {wordsOf} from '../core/load-words.ts'
import type {Report} from '../core/report.ts'
import {comparisonLines} from './comparison-lines.ts'
import {adviceOf} from './drill-advice.ts'
import {percent} from './share.ts'

/** What a drill was, in lines: the load against its plan, whether the generator can be believed, what came and what did not. */
export function drillLines(report: Report, drill: DrillResult): string[] {
  const {broke, steps} = adviceOf(report, drill)
  const {scenario, factor, end, loads, gates, limited} = drill
  const unhealthy = gates.filter(({ok}) => !ok)
  return [
    `drill: ${scenario} at ${factor} x the peak, ${madeBy(drill)}`,
    ...(end.kind === 'completed' ? [] : [`ended early: ${end.message}`]),
    ...loads.map(
      ({kind, planned, achieved}) =>
        `${kind.replace('_', ' ')}: ${achieved} of ${planned} planned (${percent(planned === 0 ? 0 : achieved / planned)})`,
    ),
    ...latencies(drill),
    ...(unhealthy.length === 0
      ? ['generator: healthy']
      : unhealthy.map(({message}) => `generator: not to be believed, ${message}`)),
    ...(limited !== null && limited > 0 ? [`refused by a rate limit: ${percent(limited)}`] : []),
    ...funnelLine(drill),
    ...counts(drill),
    ...moments(drill),
    ...(broke === undefined ? [] : [`broke: ${broke}`]),
    ...steps.map((step) => `to do: ${step}`),
    ...(drill.comparison ? comparisonLines(drill.comparison) : []),
  ]
}

function madeBy({k6, generator}: DrillResult): string {
  const {vus, cores} = generator
  const who =
    k6 === undefined
      ? `our own client in ${vus} ${vus === 1 ? 'thread' : 'threads'}`
      : `k6 ${k6} with ${vus} ${vus === 1 ? 'virtual user' : 'virtual users'}`
  return `${who} on ${cores} cores`
}

function latencies(drill: DrillResult): string[] {
  const words = wordsOf(drill)
  const shown = [
    ['connect_ms', words.connect],
    ['ready_ms', words.ready],
    ['rtt_ms', words.trip],
    ['request_ms', 'request'],
    ['jitter_ms', 'jitter'],
  ] as const
  const judged = drill.phases.find((phase) => phase.judged)
  return judged ? shown.flatMap(([name, title]) => latencyLine(judged, name, title)) : []
}

// eslint-disable-next-line max-params -- a phase, what to look for in it, and what to call it
function latencyLine(
  {trends}: DrillPhase,
  name: string,
  title: string,
  shares = ['p(50)', 'p(95)', 'p(99)', 'max'],
): string[] {
  const values = trends[name]
  if (!values) return []
  const parts = shares.flatMap((share) => {
    const value = values[share]
    return value === undefined ? [] : [`${share.replace(/[()]/g, '')} ${formatMs(value)}`]
  })
  return [`${title}: ${parts.join(', ')}`]
}

function funnelLine({funnel}: DrillResult): string[] {
  const reached = funnel.filter(({clients}) => clients > 0)
  return reached.length === 0
    ? []
    : [reached.map(({stage, clients}) => `${stage.replace('_', ' ')} ${clients}`).join(' > ')]
}

function counts({failures, closes, refusals}: DrillResult): string[] {
  return [
    ...failures.map(({code, count, message}) => `${count} x ${code}${message === undefined ? '' : `: ${message}`}`),
    ...refusals.map(({code, count}) => `${count} x refused with status ${code}`),
    ...closes.map(({code, count}) => `${count} x closed by the server with code ${code}`),
  ]
}

function moments({before, after}: DrillResult): string[] {
  return [
    ...before
      .filter(({status}) => status === 'fail')
      .map(({objective}) => `before the load: ${objective} failed already`),
    ...after.filter(({status}) => status === 'fail').map(({objective}) => `after the load: ${objective} fails still`),
  ]
}
