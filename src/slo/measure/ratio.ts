import {promDuration} from '../../core/duration.ts'
import type {Prometheus} from '../prometheus/prometheus.ts'
import {familyOf} from '../selector.ts'
import {nothing, type Measure, type Question} from './question.ts'

type RatioSource =
  | {readonly good: readonly string[]; readonly total: readonly string[]}
  | {readonly bad: readonly string[]; readonly total: readonly string[]}

/** Sums what each counter grew by, instances and restarts included. */
export const measureRatio: Measure<RatioSource> = async (prometheus, question) => {
  const {prometheus: source, bounds} = question.objective
  const {display} = prometheus
  const ofBad = 'bad' in source
  const [total, part] = await Promise.all([
    growthOf(source.total, prometheus, question),
    growthOf(ofBad ? source.bad : source.good, prometheus, question),
  ])
  const absent = total.absent.length === source.total.length
  if (absent)
    return [
      nothing(
        question,
        display,
        `no data: ${source.total.join(' and ')} ${source.total.length > 1 ? 'have' : 'has'} no two samples in the window`,
      ),
    ]
  if (total.sum === 0) return [nothing(question, display, `no events: ${source.total.join(' + ')} did not grow`)]

  const trust = (selector: string) =>
    isKnown(selector, {prometheus, question, servesOnly: !ofBad && part.absent.includes(selector)})
  const missing = [...total.absent, ...part.absent]
  const trusted = await Promise.all(missing.map(trust))
  const doubted = missing.filter((_, index) => !trusted[index])
  if (doubted.length > 0) {
    return [
      nothing(
        question,
        display,
        `no series of ${doubted.join(' and ')}, and nobody knows such a metric: is the name right?`,
      ),
    ]
  }
  const bad = ofBad ? part.sum : total.sum - part.sum
  // Sums are extrapolated each by itself, and errors need not be events: a share stays between 0 and 1.
  const good = Math.min(total.sum, Math.max(0, total.sum - bad))
  const notes = [
    ...missing.map((selector) => `no series: ${selector} counts as 0`),
    ...(bad > total.sum * 1.01 ? [`more bad events (${round(bad)}) than events (${round(total.sum)})`] : []),
  ]
  return [{target: display, tallies: bounds.map(() => ({good, total: total.sum, estimated: true})), notes}]
}

async function growthOf(
  selectors: readonly string[],
  prometheus: Prometheus,
  {from, to}: Question,
): Promise<{sum: number; absent: readonly string[]}> {
  const found = await Promise.all(
    selectors.map((selector) => prometheus.instant(`sum(increase(${selector}[${promDuration(to - from)}]))`, to)),
  )
  return {
    sum: found.reduce((sum, samples) => sum + (samples[0]?.value ?? 0), 0),
    absent: selectors.filter((_, index) => found[index]?.length === 0),
  }
}

/**
 * A counter without a series is 0 if somebody knows it: else its name is misspelt, and a misspelt name must not pass. Of
 * good events the server itself must know, as 0 of them is a failure.
 */
async function isKnown(
  selector: string,
  {prometheus, question, servesOnly}: {prometheus: Prometheus; question: Question; servesOnly: boolean},
): Promise<boolean> {
  const family = familyOf(selector)
  if (!servesOnly && question.promised.has(family)) return true
  return (await prometheus.knows(family)) === true
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
