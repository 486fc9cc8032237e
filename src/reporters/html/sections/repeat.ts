import type {DrillResult} from '../../../core/drill-result.ts'
import type {Report} from '../../../core/report.ts'
import {html, type Markup} from '../markup.ts'

/** How to do it all again, and what to hold against it. */
export function repeatSection({run}: Report, {repeat}: DrillResult): Markup {
  return html`<section aria-labelledby="repeat">
    <h2 id="repeat">How to run it again</h2>
    ${repeat !== '' && html`<pre><code>${repeat}</code></pre>`}
    <p class="note">
      With the same profile (${run.profile}) and configuration (${run.instance}). To hold a new drill against this one,
      add
      <code>--baseline</code> with the folder of this report; to hold two that are there against each other,
      <code>probe drill compare</code> with both folders. Everything shown here is in <code>report.json</code> beside
      this file, and what the generator said in its own files.
    </p>
  </section> `
}
