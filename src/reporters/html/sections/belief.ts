import type {DrillResult} from '../../../core/drill-result.ts'
import {formatMs} from '../../../core/duration.ts'
import {wordsOf} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import {percent} from '../../share.ts'
import {badge} from '../badge.ts'
import {html, type Markup} from '../markup.ts'
import {count, counted} from '../numbers.ts'

/** Whether the generator, and the machine it ran on, were well enough to measure anything. */
export function beliefSection({run}: Report, drill: DrillResult): Markup {
  const {gates, end, limited} = drill
  const {workers} = wordsOf(drill)
  const bad = [
    ...gates.filter(({ok}) => !ok).map(({message}) => message),
    ...run.health.disturbances.map(({message}) => message),
    ...(end.kind === 'completed' ? [] : [end.message]),
  ]
  return html`<section aria-labelledby="belief">
    <h2 id="belief">Can the numbers be believed?</h2>
    <p>
      ${bad.length === 0 ? 'Yes: the generator was healthy, and the drill ran to its end.' : `With doubt: ${bad.join('; ')}.`}${limited !== null && limited > 0 && ` A rate limit refused ${percent(limited)}.`}
    </p>
    <div class="columns">
      <table>
        <caption>
          Limits of the generator
        </caption>
        <tbody>
          ${gates.map(
            ({name, ok, message}) =>
              html`<tr>
                <th scope="row">${name === 'vus' ? workers : name}</th>
                <td>${badge(ok ? 'pass' : 'fail')}</td>
                <td>${message}</td>
              </tr> `,
          )}
        </tbody>
      </table>
      <table>
        <caption>
          With what it was measured
        </caption>
        <tbody>
          ${factsOf(run, drill).map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="wrap">${value}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${sizing(drill)}
  </section> `
}

function factsOf(run: Report['run'], drill: DrillResult): (readonly [name: string, value: string])[] {
  const {generator, k6, script, workloadHash} = drill
  const {cores, memoryBytes, vus, processes} = generator
  const {clockSkewMs, loopLagMs} = run.health
  const {workers} = wordsOf(drill)
  const made = `${counted(vus, workers)} in ${counted(processes, 'processes')}`
  const skew =
    clockSkewMs === null
      ? 'not compared'
      : `${formatMs(Math.abs(clockSkewMs))} ${clockSkewMs < 0 ? 'ahead of' : 'behind'} the servers'`
  return [
    k6 === undefined ? ['generator', `our own client with ${made}`] : ['k6', `${k6} with ${made}`],
    ['machine', `${cores} cores, ${(memoryBytes / 1e9).toFixed(1)} GB of memory, ${run.location}`],
    ['probe', `${run.version} on Node.js ${run.node.replace(/^v/, '')}, ${formatMs(loopLagMs)} late (p99)`],
    ['clock', skew],
    ['workload', workloadHash],
    ...(script === undefined ? [] : [['script', script] as const]),
    ['run', run.id],
  ]
}

/** How much load it was, and who says so. */
function sizing({dimensions}: DrillResult): Markup {
  const rows = dimensions.map(({dimension, value, why, assumed}) => [
    dimension.replace(/_ms$/, '').replaceAll('_', ' '),
    dimension.endsWith('_ms') ? formatMs(value) : count(value),
    assumed ? `assumed: ${why}` : why,
  ])
  return html`<details>
    <summary>How the load was sized</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Dimension</th>
          <th scope="col" class="n">Planned</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, value, why]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="n">${value}</td>
              <td>${why}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </details>`
}
