import type {DrillResult} from '../../../core/drill-result.ts'
import type {Report} from '../../../core/report.ts'
import {runbookLines} from '../../table/runbook-lines.ts'
import {html, type Markup} from '../markup.ts'

/** What to do now: the runbooks that the verdicts refer to, and how to do it all again. */
export function repeatSection({runbooks, run}: Report, {repeat}: DrillResult): Markup {
  const known = Object.entries(runbooks)
  return html`${
      known.length > 0 &&
      html`<section aria-labelledby="runbooks">
        <h2 id="runbooks">Runbooks</h2>
        ${known.map((entry) => html`<pre class="text">${runbookLines(entry).join('\n')}</pre>`)}
      </section> `
    }
    <section aria-labelledby="repeat">
      <h2 id="repeat">How to run it again</h2>
      ${repeat !== '' && html`<pre><code>${repeat}</code></pre>`}
      <p class="note">
        With the same profile (${run.profile}) and configuration (${run.instance}). To hold a new drill against this
        one, add <code>--baseline</code> with the folder of this report; to hold two that are there against each other,
        <code>probe drill compare</code> with both folders. What k6 itself said is in <code>k6-summary.json</code> and
        <code>k6.log</code> beside this file, everything shown here in <code>report.json</code>.
      </p>
    </section> `
}
