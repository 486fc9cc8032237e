import type {DrillResult} from '../../../core/drill-result.ts'
import {wordsOf} from '../../../core/load-words.ts'
import {percent} from '../../share.ts'
import {html, type Markup} from '../markup.ts'
import {capital, count} from '../numbers.ts'

const meanings: Readonly<Record<string, string>> = {
  asked: 'asked over HTTP',
  dialled: 'dialled',
  upgraded: 'answered with 101',
  engine_open: 'Engine.IO open',
  namespace: 'in the namespace',
  joined: 'joined',
  matched: 'matched',
  answered: 'offer answered',
  ready: 'ready',
  connect: 'server reached',
  challenge: 'challenge answered',
  allocate: 'allocated',
  permission: 'permission granted',
  channel: 'channel bound',
  echo: 'first packet back',
}

/** How far the clients came. Steps that the dialect does not have are left out. */
export function funnelFigure(drill: DrillResult): Markup {
  const {funnel} = drill
  const last = funnel.findLastIndex(({clients}) => clients > 0)
  const steps = funnel.filter(({clients}, index) => clients > 0 || index === last + 1)
  const all = steps[0]?.clients ?? 0
  if (all === 0) return html``
  return html`<figure class="half">
    <figcaption>
      <h3>${capital(wordsOf(drill).course)}</h3>
      <p class="note">How far the clients came, over the whole drill.</p>
    </figcaption>
    <table class="funnel">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" class="n">Clients</th>
          <th scope="col" class="n">Of all</th>
          <th scope="col" class="n">Lost here</th>
        </tr>
      </thead>
      <tbody>
        ${steps.map(({stage, clients}, index) => {
          const before = steps[index - 1]?.clients ?? clients
          return html`<tr>
            <th scope="row">
              ${meanings[stage] ?? stage}<svg
                class="bar"
                viewBox="0 0 100 4"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect width="${Math.round((clients / all) * 1000) / 10}" height="4" />
              </svg>
            </th>
            <td class="n">${count(clients)}</td>
            <td class="n">${percent(Math.min(1, clients / all))}</td>
            <td class="n">${clients < before ? count(before - clients) : '–'}</td>
          </tr> `
        })}
      </tbody>
    </table>
  </figure> `
}
