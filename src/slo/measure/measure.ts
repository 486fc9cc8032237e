import type {Prometheus} from '../prometheus/prometheus.ts'
import {coverageOf} from './coverage.ts'
import {measureHistogram} from './histogram.ts'
import {measureLevel} from './level.ts'
import type {Finding, Question} from './question.ts'
import {measureRatio} from './ratio.ts'
import {measureUp} from './up.ts'

/** Asks Prometheus for the tallies of one objective, one finding a target. Rejects with Unanswered. */
export async function measure(prometheus: Prometheus, question: Question): Promise<readonly Finding[]> {
  const findings = await bySource(prometheus, question)
  if (findings.every(({tallies}) => tallies.every(({total}) => total === 0))) return findings
  const gap = await coverageOf(prometheus, question)
  return gap === undefined ? findings : findings.map((finding) => ({...finding, unknown: gap, doubtful: true}))
}

function bySource(prometheus: Prometheus, question: Question): Promise<readonly Finding[]> {
  const {objective} = question
  const {prometheus: source} = objective
  if ('histogram' in source)
    return measureHistogram(prometheus, {...question, objective: {...objective, prometheus: source}})
  if ('up' in source) return measureUp(prometheus, {...question, objective: {...objective, prometheus: source}})
  if ('level' in source) return measureLevel(prometheus, {...question, objective: {...objective, prometheus: source}})
  return measureRatio(prometheus, {...question, objective: {...objective, prometheus: source}})
}
