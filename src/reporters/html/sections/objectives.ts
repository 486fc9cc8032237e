import {formatMs} from '../../../core/duration.ts'
import {ATTEMPT} from '../../../core/event.ts'
import type {Report} from '../../../core/report.ts'
import {shareOf} from '../../../core/stats.ts'
import {compareStatus} from '../../../core/status.ts'
import {subjectOf, type BoundVerdict, type CheckedVerdict} from '../../../core/verdict.ts'
import {promise} from '../../measured.ts'
import {finePercentRange, percent} from '../../share.ts'
import {badge} from '../badge.ts'
import {html, type Markup} from '../markup.ts'
import {count, short, signed, typographic} from '../numbers.ts'

/** Every objective with each of its bounds; those that nothing was measured of stand apart. */
export function objectivesSection({verdicts}: Report): Markup {
  const inOrder = verdicts.toSorted((a, b) => rank(a) - rank(b) || compareStatus(a.status, b.status))
  const known = inOrder.filter(({bounds}) => bounds.some(({tally}) => tally.total > 0))
  const unknown = inOrder.filter((verdict) => !known.includes(verdict))
  const shared = sharedReasons(known)
  return html`<section aria-labelledby="objectives">
    <h2 id="objectives">Objectives</h2>
    ${[...shared].map((why) => html`<p class="note">Where it says inconclusive: ${why}.</p>`)}
    <div class="scroll objectives" tabindex="0" role="region" aria-labelledby="objectives">
      <table>
        <thead>
          <tr>
            <th scope="col">Objective</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="n">Measured</th>
            <th scope="col">Promised</th>
            <th scope="col" class="n">Good events</th>
            <th scope="col" class="n">Margin<small>points</small></th>
            <th scope="col" class="n">95 % interval</th>
            <th scope="col" class="n">Samples</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        ${known.map(
          (verdict) =>
            html`<tbody>
              ${verdict.bounds.map((bound, index) => boundRow(shared.has(verdict.why) ? withoutReason(verdict) : verdict, bound, index))}
            </tbody> `,
        )}
      </table>
    </div>
    ${unknown.length > 0 && noData(unknown)}
  </section> `
}

/** Reasons that are told once, for they would stand in row after row. */
function sharedReasons(verdicts: readonly CheckedVerdict[]): Set<string | undefined> {
  const doubtful = verdicts.filter(({status, why}) => status === 'inconclusive' && why !== undefined)
  const reasons = [...Map.groupBy(doubtful, ({why}) => why)]
  return new Set(reasons.filter(([, those]) => those.length > 2).map(([why]) => why))
}

function withoutReason({why: _, ...verdict}: CheckedVerdict): CheckedVerdict {
  return verdict
}

/** What decides first, and of that what the load itself measured. */
function rank({role, source}: CheckedVerdict): number {
  return (role === 'load' ? 2 : 0) + (source === 'drill' ? 0 : 1)
}

// eslint-disable-next-line max-params -- a verdict, one bound of it, and which one that is
function boundRow(verdict: CheckedVerdict, bound: BoundVerdict, index: number, size = verdict.bounds.length): Markup {
  const {source, status} = verdict
  const share = shareOf(bound.tally)
  const kept = bound.met === null ? 'no data' : bound.met ? 'kept' : 'not kept'
  return html`<tr>
    ${
      index === 0 &&
      html`<th scope="rowgroup" rowspan="${size}">${nameCell(verdict)}</th>
        <td rowspan="${size}">${badge(status)}</td>`
    }
    <td class="n">${index === 0 ? quantileText(verdict) : ''}</td>
    <td class="promise">${typographic(promise(bound, verdict))}<small>${bound.level}, ${kept}</small></td>
    <td class="n">${share === null ? 'no data' : percent(share)}</td>
    <td class="n">${share === null ? '–' : signed((share - bound.share) * 100, 2)}</td>
    <td class="n">${share === null ? '–' : finePercentRange(bound.interval)}</td>
    <td class="n">${count(bound.tally.total)}</td>
    ${index === 0 && html`<td rowspan="${size}">${source}</td>`}
  </tr> `
}

function nameCell(verdict: CheckedVerdict): Markup {
  const {title, target, why, role, assumed, few, indicator, notes = []} = verdict
  const told = [
    ...(why === undefined ? [] : [why]),
    ...(few ? ['fewer samples than the objective asks for'] : []),
    ...(assumed === undefined ? [] : [`assumed: ${assumed}`]),
    ...(role === 'load' ? ['shows the load, decides nothing'] : []),
    ...notes,
  ]
  const name = indicator === ATTEMPT ? `${subjectOf(verdict)}: ${title}` : title
  return html`${name}<small>${target}</small>${told.map((note) => html`<small>${note}</small>`)}`
}

/** The value at the promised share: "p95 12.3 ms". */
function quantileText({measured, bounds, unit}: CheckedVerdict): string {
  const bound = bounds.find(({level}) => level === 'target') ?? bounds[0]
  if (!measured || !bound) return ''
  const name = bound.share === 1 ? 'max' : `p${Number((bound.share * 100).toFixed(3))}`
  return `${name} ${unit === 'ms' ? formatMs(measured.value) : `${short(measured.value)} ${measured.unit}`}`
}

function noData(verdicts: readonly CheckedVerdict[]): Markup {
  return html`<h3>Without data</h3>
    <p class="note">Unknown is not good: nothing was measured of these.</p>
    <ul>
      ${verdicts.map(({title, target, source, why, status}) => html`<li>${badge(status)} ${title} @ ${target} (${source})${why !== undefined && html`: ${why}`}</li>`)}
    </ul> `
}
