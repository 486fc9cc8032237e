import type {Outcome} from '../../core/drill-comparison.ts'
import type {Status} from '../../core/status.ts'
import {html, type Markup} from './markup.ts'

const signs: Readonly<Record<Status | Outcome, string>> = {
  pass: '✓',
  degraded: '▲',
  fail: '✕',
  inconclusive: '?',
  skipped: '–',
  regression: '✕',
  unknown: '?',
  small: '≈',
  noise: '≈',
  improvement: '✓',
}
const words: Readonly<Partial<Record<Status | Outcome, string>>> = {
  small: 'within the criteria',
  noise: 'within noise',
}

/** A verdict in its colour, with its sign and its word: the colour only repeats them. */
export function badge(outcome: Status | Outcome): Markup {
  return html`<span class="badge ${outcome}"
    ><span aria-hidden="true">${signs[outcome]}</span> ${words[outcome] ?? outcome}</span
  >`
}
