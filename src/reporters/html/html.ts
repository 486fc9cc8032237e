import type {DrillResult} from '../../core/drill-result.ts'
import {wordsOf} from '../../core/load-words.ts'
import type {Report} from '../../core/report.ts'
import type {Reporter} from '../reporter.ts'
import {printable} from '../printable.ts'
import {html as markup, verbatim, type Markup} from './markup.ts'
import {beliefSection} from './sections/belief.ts'
import {canariesSection} from './sections/canaries.ts'
import {capacitySection} from './sections/capacity.ts'
import {comparisonSection} from './sections/comparison.ts'
import {errorsSection} from './sections/errors.ts'
import {funnelFigure} from './sections/funnel.ts'
import {objectivesSection} from './sections/objectives.ts'
import {quantilesFigure} from './sections/quantiles.ts'
import {repeatSection} from './sections/repeat.ts'
import {runbooksSection} from './sections/runbooks.ts'
import {seriesSection} from './sections/series.ts'
import {trendSection} from './sections/trend.ts'
import {verdictSection} from './sections/verdict.ts'
import {style} from './style.ts'

/**
 * One page for people: it holds all it needs, asks for nothing and runs nothing, which its own policy enforces. Of a run
 * without a drill it tells the objectives.
 */
export const html: Reporter = (report) => {
  const clean = printable(report)
  const {drill, run, status} = clean
  const title = `${run.profile}: ${status}${drill ? `, ${drill.scenario} drill` : ''}`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<main>
${drill ? verdictSection(clean, drill) : markup`<h1>${title}</h1>`}
${objectivesSection(clean)}
${drill ? drillSections(clean, drill) : runbooksSection(clean)}
</main>
</body>
</html>`.markup
}

/** Whether the verdict can be believed comes first, then what it is made of. */
function drillSections(report: Report, drill: DrillResult): Markup[] {
  return [
    beliefSection(report, drill),
    comparisonSection(drill.comparison),
    capacitySection(report, drill),
    seriesSection(report, drill),
    markup`<section aria-labelledby="course">
      <h2 id="course">Latency and ${wordsOf(drill).course}</h2>
      <div class="columns">${quantilesFigure(report, drill)}${funnelFigure(drill)}</div>
    </section> `,
    errorsSection(drill),
    canariesSection(report, drill),
    trendSection(report),
    runbooksSection(report),
    repeatSection(report, drill),
  ]
}
