import {digestOf, type DrillDigest} from '../../../core/drill-digest.ts'
import {formatMs} from '../../../core/duration.ts'
import {wordsOf} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import {percent} from '../../share.ts'
import {badge} from '../badge.ts'
import {latencyAxis} from '../chart/axes.ts'
import type {Axis, Line} from '../chart/chart.ts'
import {figure} from '../chart/figure.ts'
import {linearScale} from '../chart/scale.ts'
import {html, type Markup} from '../markup.ts'
import {instant} from '../numbers.ts'

/** The same workload in the drills before this one, where there were any. */
export function trendSection(report: Report): Markup {
  const own = digestOf(report, 'this one')
  const earlier = report.drill?.earlier ?? []
  if (!own || earlier.length === 0) return html``
  const all = [...earlier, own]
  return html`<section aria-labelledby="trend">
    <h2 id="trend">Trend</h2>
    <p class="note">The last ${all.length} drills of this workload, this one included.</p>
    ${latencyFigure(all, wordsOf(own).trip)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="trend">
      <table>
        <thead>
          <tr>
            <th scope="col">Drill</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="n">p95</th>
            ${own.objectives.map(({title}) => html`<th scope="col" class="n">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (digest) =>
              html`<tr>
                <th scope="row">${instant(digest.startedAt)}<small>${digest.folder}</small></th>
                <td>${badge(digest.status)}</td>
                <td class="n">${latencyText(digest)}</td>
                ${own.objectives.map(({objective}) => shareCell(digest, objective))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section> `
}

function latencyFigure(all: readonly DrillDigest[], trip: string): Markup {
  const lines = [
    {name: `${trip} p95`, pick: ({rttP95Ms}: DrillDigest) => rttP95Ms},
    {name: 'request p95', pick: ({requestP95Ms}: DrillDigest) => requestP95Ms},
  ]
    .map(({name, pick}): Line => ({
      name,
      dots: true,
      points: all.map((digest, index) => [index, pick(digest)] as const),
    }))
    .filter(({points}) => points.some(([, value]) => value !== null))
  if (lines.length === 0) return html``
  const y = latencyAxis(lines.flatMap(({points}) => points.flatMap(([, value]) => value ?? [])))
  return figure({title: 'p95 from drill to drill', x: orderAxis(all), y, lines}, {height: 170})
}

/** Drills in their order, each as far from the next: a quarter of silence tells nothing. */
function orderAxis(all: readonly DrillDigest[]): Axis {
  const last = all.length - 1
  const day = (index: number) => instant(all[Math.round(index)]?.startedAt ?? 0).slice(0, 10)
  return {
    label: 'day of the drill',
    format: day,
    scale(paper, about) {
      const inside = {from: paper.from + 34, to: paper.to - 34}
      const every = Math.max(1, Math.ceil(all.length / about))
      return {
        ...linearScale({from: 0, to: last}, inside, about),
        ticks: [...all.keys()].filter((index) => index % every === 0),
      }
    },
  }
}

function latencyText({rttP95Ms, requestP95Ms}: DrillDigest): string {
  return [rttP95Ms, requestP95Ms].flatMap((ms) => (ms === null ? [] : [formatMs(ms)])).join(', ') || 'no data'
}

function shareCell({objectives}: DrillDigest, id: string): Markup {
  const found = objectives.find(({objective}) => objective === id)
  if (!found) return html`<td class="n">–</td>`
  return html`<td class="n">
    ${found.share === null ? 'no data' : percent(found.share)}<small>${found.status}</small>
  </td>`
}
