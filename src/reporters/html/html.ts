import type {Reporter} from '../reporter.ts'
import {printable} from '../printable.ts'
import {html as markup, verbatim} from './markup.ts'
import {beliefSection} from './sections/belief.ts'
import {canariesSection} from './sections/canaries.ts'
import {capacitySection} from './sections/capacity.ts'
import {comparisonSection} from './sections/comparison.ts'
import {errorsSection} from './sections/errors.ts'
import {funnelFigure} from './sections/funnel.ts'
import {objectivesSection} from './sections/objectives.ts'
import {quantilesFigure} from './sections/quantiles.ts'
import {repeatSection} from './sections/repeat.ts'
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
${
  drill && [
    beliefSection(clean, drill),
    comparisonSection(drill.comparison),
    capacitySection(clean, drill),
    seriesSection(clean, drill),
    markup`<section aria-labelledby="course"><h2 id="course">Latency and connections</h2><div class="columns">${quantilesFigure(clean, drill)}${funnelFigure(drill)}</div></section>
`,
    errorsSection(drill),
    canariesSection(clean, drill),
    trendSection(clean),
    repeatSection(clean, drill),
  ]
}
</main>
</body>
</html>`.markup
}
