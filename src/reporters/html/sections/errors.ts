import type {Counted, DrillResult} from '../../../core/drill-result.ts'
import {wordsOf} from '../../../core/load-words.ts'
import {html, type Markup} from '../markup.ts'
import {count} from '../numbers.ts'

/** What went wrong, by its code, with the first message of each. */
export function errorsSection(drill: DrillResult): Markup {
  const {failures, refusals, closes} = drill
  const words = wordsOf(drill)
  const kinds = [
    {title: 'Failures', what: 'failure', list: failures},
    {title: 'Refusals, by status', what: 'status', list: refusals},
    {title: 'Closed by the server, by close code', what: 'close code', list: closes},
  ].filter(({list}) => list.length > 0)
  return html`<section aria-labelledby="errors">
    <h2 id="errors">Errors and close codes</h2>
    ${kinds.length === 0 ? html`<p>${words.unfailed} A ${words.trip} without its answer counts as an error all the same.</p>` : kinds.map(countTable)}
  </section> `
}

function countTable({title, what, list}: {title: string; what: string; list: readonly Counted[]}): Markup {
  const told = list.some(({message}) => message !== undefined)
  return html`<table class="counts">
    <caption>
      ${title}
    </caption>
    <thead>
      <tr>
        <th scope="col">${what}</th>
        <th scope="col" class="n">Count</th>
        ${told && html`<th scope="col">First message</th>`}
      </tr>
    </thead>
    <tbody>
      ${list.map(
        ({code, count: number, message}) =>
          html`<tr>
            <th scope="row"><code>${code}</code></th>
            <td class="n">${count(number)}</td>
            ${told && html`<td class="wrap">${message ?? '–'}</td>`}
          </tr> `,
      )}
    </tbody>
  </table> `
}
