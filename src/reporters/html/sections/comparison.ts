import type {Change, ComparedDrill, DrillComparison, Figure} from '../../../core/drill-comparison.ts'
import {badge} from '../badge.ts'
import {html, type Markup} from '../markup.ts'
import {count, instant} from '../numbers.ts'
import {changeText, figureText, intervalText} from '../../change.ts'
import {percent, points} from '../../share.ts'

/** Every objective against what it was in an earlier drill of the same workload. */
export function comparisonSection(comparison: DrillComparison | undefined): Markup {
  if (!comparison) return html``
  const {baseline, changes, outcome, criteria, notes} = comparison
  return html`<section aria-labelledby="comparison">
    <h2 id="comparison">Against the baseline</h2>
    <p>
      ${badge(outcome)} ${nameOf(baseline)}. A regression is a quantile more than ${percent(criteria.maxRegression)}
      slower, or a share of good events more than ${points(criteria.maxDrop)} lower, where the 95 % intervals tell the
      two apart.
    </p>
    ${
      notes.length > 0 &&
      html`<ul>
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }
    <div class="scroll" tabindex="0" role="region" aria-labelledby="comparison">
      <table>
        <thead>
          <tr>
            <th scope="col">Objective</th>
            <th scope="col">Outcome</th>
            <th scope="col">Figure</th>
            <th scope="col" class="n">Baseline</th>
            <th scope="col" class="n">Now</th>
            <th scope="col" class="n">Change</th>
          </tr>
        </thead>
        <tbody>
          ${changes.map(changeRow)}
        </tbody>
      </table>
    </div>
  </section> `
}

function nameOf({folder, startedAt, status}: ComparedDrill): Markup {
  return html`Compared with <code>${folder}</code> of ${instant(startedAt)}, which ended with ${badge(status)}`
}

function changeRow(change: Change): Markup {
  const {title, target, source, label, outcome, before, after, why} = change
  return html`<tr>
    <th scope="row">${title}<small>${source} @ ${target}</small></th>
    <td>${badge(outcome)}${why !== undefined && html`<small>${why}</small>`}</td>
    <td>${label}</td>
    ${figureCell(before, change)}${figureCell(after, change)}
    <td class="n">${changeText(change)}</td>
  </tr> `
}

function figureCell(figure: Figure, change: Change): Markup {
  return html`<td class="n">
    ${figureText(figure.value, change)}<small>${intervalText(figure, change)}</small
    ><small>${count(figure.samples)} samples</small>
  </td>`
}
