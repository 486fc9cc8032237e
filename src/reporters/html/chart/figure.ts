import {html, type Markup} from '../markup.ts'
import {drawChart, type Chart, type Margins} from './chart.ts'

export interface FigureOptions {
  /** What a reader must know to read it, in a sentence. */
  readonly note?: string
  /** Whether it takes half of the page where that is wide. */
  readonly half?: boolean
  readonly height?: number
  readonly margins?: Margins
}

const WIDE = 1040
const HALF = 508
const NARROW = 340
const ROWS = 24
const none: Margins = {left: 0, right: 0}

/**
 * A chart with its name, its legend and its numbers. It is drawn twice, for a wide page and for a narrow one, so that its
 * text has the size of text on both.
 */
export function figure(chart: Chart, {note, half = false, height = 220, margins = none}: FigureOptions = {}): Markup {
  const {title, lines, limits = []} = chart
  return html`<figure class="${half ? 'half' : 'full'}">
    <figcaption>
      <h3>${title}</h3>
      ${note !== undefined && html`<p class="note">${note}</p>`}
      <ul class="legend">
        ${lines.map(({name}, index) => key(`line l${index + 1}`, name))}${half ? [] : limits.map(({label}) => key('limit', label))}
      </ul>
    </figcaption>
    <div class="wide">${drawChart(chart, {width: half ? HALF : WIDE, height, margins})}</div>
    <div class="narrow">${drawChart(chart, {width: NARROW, height, margins})}</div>
    ${numbersOf(chart)}
  </figure> `
}

function key(style: string, name: string): Markup {
  return html`<li>
    <svg viewBox="0 0 26 8" aria-hidden="true"><path class="${style}" d="M0 4H26" /></svg>${name}
  </li>`
}

function numbersOf({title, x, y, lines}: Chart): Markup {
  const places = [...new Set(lines.flatMap(({points}) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const every = Math.ceil(places.length / ROWS)
  const values = lines.map(({points}) => new Map(points))
  const rows = places.filter((_, index) => index % every === 0 || index === places.length - 1)
  return html`<details>
    <summary>
      Numbers<span class="hidden"> of ${title}</span>${every > 1 && html` <small>(1 of ${every})</small>`}
    </summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Numbers of ${title}">
      <table>
        <thead>
          <tr>
            <th scope="col" class="n">${x.label}</th>
            ${lines.map(({name}) => html`<th scope="col" class="n">${name}<br /><small>${y.label}</small></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (place) =>
              html`<tr>
                <th scope="row" class="n">${x.format(place)}</th>
                ${values.map((at) => {
                  const value = at.get(place)
                  return html`<td class="n">${value === undefined || value === null ? '–' : y.format(value)}</td>`
                })}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}
