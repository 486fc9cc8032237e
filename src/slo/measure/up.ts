import {promDuration} from '../../core/duration.ts'
import type {Prometheus} from '../prometheus/prometheus.ts'
import {nothing, type Measure, type Question} from './question.ts'

/** Raw samples come a day at a time: a month of them is 170 000 an instance. */
const PIECE_MS = 86_400_000

/** Every scrape is one slice, every instance one target: one dead instance of three is no 67 %. */
export const measureUp: Measure<{up: string}> = async (prometheus, question) => {
  const {objective, from, to} = question
  const {up} = objective.prometheus
  const range = promDuration(to - from)
  const [good, total] = await Promise.all([
    prometheus.instant(`sum by (job, instance) (sum_over_time(${up}[${range}]))`, to),
    prometheus.instant(`sum by (job, instance) (count_over_time(${up}[${range}]))`, to),
  ])
  if (total.length === 0) return [nothing(question, prometheus.display, `no data: ${up} has no sample in the window`)]
  const ordered = objective.bounds.some(({consecutive}) => consecutive !== undefined)
  const runs = ordered ? await worstRuns(prometheus, question, up) : undefined
  return total.map(({labels, value}) => {
    const name = nameOf(labels)
    const found = good.find((one) => nameOf(one.labels) === name)?.value ?? 0
    const tally = {good: found, total: value, ...(runs && {worstRun: runs.get(name) ?? 0})}
    return {target: name, tallies: objective.bounds.map(() => tally), notes: []}
  })
}

/** The longest run of bad scrapes of each instance: what a share does not tell. */
async function worstRuns(prometheus: Prometheus, {from, to}: Question, up: string): Promise<Map<string, number>> {
  const worst = new Map<string, number>()
  const current = new Map<string, {run: number; until: number}>()
  for (let begin = from; begin < to; begin += PIECE_MS) {
    const end = Math.min(to, begin + PIECE_MS)
    for (const {labels, points} of await prometheus.raw(`${up}[${promDuration(end - begin)}]`, end)) {
      const name = nameOf(labels)
      let {run, until} = current.get(name) ?? {run: 0, until: -Infinity}
      for (const [time, value] of points) {
        if (time <= until) continue // the borders of two pieces are the same sample
        until = time
        run = value === 1 ? 0 : run + 1
        worst.set(name, Math.max(worst.get(name) ?? 0, run))
      }
      current.set(name, {run, until})
    }
  }
  return worst
}

function nameOf({job, instance}: Readonly<Record<string, string>>): string {
  return [job, instance].filter((part) => part !== undefined).join(' ') || 'up'
}
