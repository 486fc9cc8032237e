import type {DrillResult} from '../../../core/drill-result.ts'
import type {Report} from '../../../core/report.ts'
import {badge} from '../badge.ts'
import {html, type Markup} from '../markup.ts'

/** What a real client saw: the profile's own checks before the load, beside it and after it. */
export function canariesSection({verdicts}: Report, {before, after}: DrillResult): Markup {
  const beside = verdicts.filter(({source}) => source === 'probe')
  const keyOf = ({objective, target}: {objective: string; target: string}) => JSON.stringify([objective, target])
  const all = new Map([...before, ...beside, ...after].map((one) => [keyOf(one), one]))
  if (all.size === 0) return html``
  const statusIn = (list: readonly Parameters<typeof keyOf>[0][], key: string) => list.find((one) => keyOf(one) === key)
  const cell = (list: typeof before | typeof beside, key: string) => {
    const found = statusIn(list, key) as (typeof before)[number] | undefined
    return found
      ? html`${badge(found.status)}${found.why !== undefined && html`<small>${found.why}</small>`}`
      : html`not tried`
  }
  return html`<section aria-labelledby="canaries">
    <h2 id="canaries">What a real client saw</h2>
    <p class="note">The profile's own checks, before the load, every few seconds beside it, and after it.</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="canaries">
      <table>
        <thead>
          <tr>
            <th scope="col">Objective</th>
            <th scope="col">Before</th>
            <th scope="col">Beside</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          ${[...all].map(
            ([key, {objective, target}]) =>
              html`<tr>
                <th scope="row">${objective}<small>${target}</small></th>
                <td>${cell(before, key)}</td>
                <td>${cell(beside, key)}</td>
                <td>${cell(after, key)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section> `
}
