import type {DrillResult} from '../../../core/drill-result.ts'
import {judgedPhase} from '../../../core/drill-digest.ts'
import {formatMs} from '../../../core/duration.ts'
import {wordsOf} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import {measures} from '../../../load/measures.ts'
import {relayMeasures} from '../../../load/relay-measures.ts'
import {errorsOf} from '../../capacity.ts'
import {adviceOf, type DrillAdvice} from '../../drill-advice.ts'
import {percent} from '../../share.ts'
import {causeOf, troublesOf} from '../../table/troubles.ts'
import {badge} from '../badge.ts'
import {html, type Markup} from '../markup.ts'
import {capital, count, instant, typographic} from '../numbers.ts'

/** What came out, in one sentence and a few figures: achieved against planned. */
export function verdictSection(report: Report, drill: DrillResult): Markup {
  const {run, status} = report
  const {scenario, factor, targets} = drill
  return html`<header>
    <p class="kicker">Load drill · ${scenario} · ${factor} × the peak</p>
    <h1>${run.profile} <span class="at">${run.instance}</span></h1>
    <p class="verdict">${badge(status)} <span class="sentence">${typographic(sentenceOf(report, drill))}</span></p>
    ${adviceList(adviceOf(report, drill))}
    <p class="note">
      ${instant(run.startedAt)} · ${formatMs(run.durationMs)} · from ${run.location} · against ${targets.join(', ')}
    </p>
    <dl class="figures">
      ${figuresOf(drill).map(
        ({name, value, more}) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}${more !== '' && html`<small>${more}</small>`}</dd>
          </div> `,
      )}
    </dl>
  </header> `
}

/** Before any figure: where it broke, and what whoever reads this can do. */
function adviceList({broke, steps}: DrillAdvice): Markup {
  if (broke === undefined && steps.length === 0) return html``
  return html`<dl class="advice">
    ${
      broke !== undefined &&
      html`<div>
        <dt>What broke</dt>
        <dd>${typographic(broke)}</dd>
      </div>`
    }
    ${
      steps.length > 0 &&
      html`<div>
        <dt>What to do</dt>
        ${steps.map((step) => html`<dd>${typographic(step)}</dd>`)}
      </div>`
    }
  </dl> `
}

function sentenceOf(report: Report, {factor, end}: DrillResult): string {
  const {status, verdicts} = report
  const deciding = verdicts.filter(({role}) => role === 'promise')
  const broken = deciding.filter((verdict) => verdict.status === 'fail' || verdict.status === 'degraded')
  const worst = troublesOf(report)[0]?.verdicts[0]
  const cause = worst ? causeOf(worst, report) : 'nothing was judged'
  const early = end.kind === 'completed' ? '' : ` The drill ended early: ${end.message}.`
  if (status === 'pass') return `All ${deciding.length} promises were kept at ${factor} × the peak.${early}`
  if (broken.length > 0)
    return `${broken.length} of ${deciding.length} promises were not kept. The gravest: ${cause}.${early}`
  return `It could not be told whether the promises are kept: ${cause}.${early}`
}

const carriedNames = {round_trips: 'Round trips made', requests: 'Requests made', packets: 'Packets relayed'} as const

interface KeyFigure {
  readonly name: string
  readonly value: string
  readonly more: string
}

function figuresOf(drill: DrillResult): KeyFigure[] {
  const {series, loads} = drill
  const words = wordsOf(drill)
  const judged = new Set(drill.phases.filter((phase) => phase.judged).map(({name}) => name))
  const steady = series.filter(({phase}) => judged.has(phase))
  const planned = Math.max(0, ...series.map(({plannedSockets}) => plannedSockets))
  const open = Math.max(0, ...steady.map(({openSockets}) => openSockets))
  const errors = errorsOf(steady)
  const carried = loads.map(({kind, planned: due, achieved}) => ({
    name: carriedNames[kind],
    value: count(achieved),
    more: `of ${count(due)} planned, ${percent(due === 0 ? 0 : achieved / due)}`,
  }))
  return [
    ...(planned > 0
      ? [{name: `${capital(words.clients)} at once`, value: count(open), more: `of ${count(planned)} planned`}]
      : []),
    ...carried,
    ...latency(drill, measures.rttMs, `${capital(words.trip)} p95`),
    ...latency(drill, relayMeasures.jitterMs, 'Jitter p95'),
    ...latency(drill, measures.requestMs, 'Request p95'),
    {
      name: 'Errors',
      value: errors === null ? 'no data' : shareOfErrors(errors),
      more: 'of all that ended under full load',
    },
  ]
}

function latency(drill: DrillResult, trend: string, name: string): KeyFigure[] {
  const values = judgedPhase(drill)?.trends[trend]
  const [p95, p50, p99] = ['p(95)', 'p(50)', 'p(99)'].map((share) => values?.[share])
  if (p95 === undefined || p50 === undefined || p99 === undefined) return []
  return [{name, value: formatMs(p95), more: `p50 ${formatMs(p50)}, p99 ${formatMs(p99)}`}]
}

/** Rounded up, as a share of what is bad: it never looks better than it is. */
function shareOfErrors(share: number): string {
  return `${Math.ceil(share * 10_000 - 1e-9) / 100} %`
}
