import type {DrillResult} from '../../../core/drill-result.ts'
import {wordsOf} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import {kneeOf, type Knee} from '../../../core/knee.ts'
import {capacityOf, type CapacityCurve} from '../../capacity.ts'
import {latencyAxis, levelAxis, lowShareAxis} from '../chart/axes.ts'
import type {Chart, Limit} from '../chart/chart.ts'
import {figure} from '../chart/figure.ts'
import {limitsOf, requestIndicators, tripIndicators} from '../limits.ts'
import {html, type Markup} from '../markup.ts'
import {capital, count} from '../numbers.ts'

/** Latency and errors by the load, and the load at which they leave their usual course. */
export function capacitySection({verdicts}: Report, drill: DrillResult): Markup {
  const curve = capacityOf(drill)
  if (curve.points.length === 0) return html``
  const knee = kneeOf(curve.points)
  const indicators = curve.latency === 'request' ? requestIndicators : tripIndicators
  const limits = limitsOf(verdicts, indicators)
  const trip = curve.latency === 'request' ? 'request' : wordsOf(drill).trip
  const {latency, errors} = chartsOf(curve, {knee, limits, trip})
  const how =
    curve.from === 'steps'
      ? 'Each point is one step, with its exact quantiles.'
      : 'Each point puts together the seconds of about that load: the median of their quantiles. The load went up meanwhile; a drill of the scenario "stepped" holds each level.'
  return html`<section aria-labelledby="capacity">
    <h2 id="capacity">Capacity</h2>
    <p>
      ${kneeSentence(knee, curve)}${drill.gates.some(({ok}) => !ok) && ' The generator itself was not healthy, so this may be its own limit.'}
    </p>
    ${
      curve.points.length > 1 &&
      html`<p class="note">${how} Errors are what failed, was lost or was refused, of all that ended.</p>
        <div class="columns">${figure(latency, {half: true})}${figure(errors, {half: true})}</div>`
    }
  </section> `
}

function kneeSentence(knee: Knee, {load}: CapacityCurve): string {
  return knee.found
    ? `The knee lies between ${count(knee.load)} and ${count(knee.beyond)} ${load}: from there on ${knee.why}.`
    : `No knee was found: ${knee.why}.`
}

interface Drawn {
  readonly knee: Knee
  readonly limits: readonly Limit[]
  readonly trip: string
}

function chartsOf(
  {load, points}: CapacityCurve,
  {knee, limits, trip}: Drawn,
): {readonly latency: Chart; readonly errors: Chart} {
  const x = levelAxis(
    load,
    points.map((point) => point.load),
  )
  const marks = knee.found ? [{at: knee.load, label: `knee ${count(knee.load)}`}] : []
  const lines = [
    {name: 'p50', points: points.map((point) => [point.load, point.p50] as const), dots: true},
    {name: 'p95', points: points.map((point) => [point.load, point.ms] as const), dots: true},
    {name: 'p99', points: points.map((point) => [point.load, point.p99] as const), dots: true},
  ]
  const errors = points.map((point) => [point.load, point.errors] as const)
  return {
    latency: {
      title: `${capital(trip)} by load`,
      x,
      y: latencyAxis([...valuesOf(lines), ...limits.map(({at}) => at)]),
      limits,
      lines,
      marks,
    },
    errors: {
      title: 'Errors by load',
      x,
      y: lowShareAxis(
        'errors',
        errors.flatMap(([, share]) => share ?? []),
      ),
      lines: [{name: 'errors', points: errors, dots: true}],
      marks,
    },
  }
}

function valuesOf(lines: Chart['lines']): number[] {
  return lines.flatMap(({points}) => points.flatMap(([, value]) => value ?? []))
}
