import type {Report} from '../../../core/report.ts'
import {runbookLines} from '../../table/runbook-lines.ts'
import {html, type Markup} from '../markup.ts'

/** What the document says to do about what is not well. */
export function runbooksSection({runbooks}: Report): Markup {
  const known = Object.entries(runbooks)
  if (known.length === 0) return html``
  return html`<section aria-labelledby="runbooks">
    <h2 id="runbooks">Runbooks</h2>
    ${known.map((entry) => html`<pre>${runbookLines(entry).join('\n')}</pre>`)}
  </section> `
}
