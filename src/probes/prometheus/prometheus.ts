import {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {questionsTo} from '../monitoring/questions.ts'
import type {Attempt, Trace} from '../probe.ts'
import type {PrometheusOptions} from './options.ts'

const targetsShape = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        health: z.enum(['up', 'down', 'unknown']),
        lastError: z.string().default(''),
      }),
    ),
  }),
})

const rulesShape = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(z.object({name: z.string(), health: z.string(), lastError: z.string().default('')})),
      }),
    ),
  }),
})

const headShape = z.object({data: z.object({headStats: z.object({numSeries: z.number()}).optional()})})

type ScrapeTarget = z.output<typeof targetsShape>['data']['activeTargets'][number]

/** Asks Prometheus how it is, whom it sees, and whether its rules work. */
export const prometheus: Attempt<PrometheusOptions> = async (target, options, trace) => {
  const server = questionsTo(target, options, trace)
  await server.page('healthy', '/-/healthy')
  await server.page('ready', '/-/ready')
  const scraped = await server.json('targets', '/api/v1/targets?state=active', targetsShape)
  checkTargets(scraped.data.activeTargets, options, trace)
  const loaded = await server.json('rules', '/api/v1/rules', rulesShape)
  checkRules(
    loaded.data.groups.flatMap(({rules}) => rules),
    options,
    trace,
  )
  const {data} = await server.json('head', '/api/v1/status/tsdb', headShape)
  checkHead(data.headStats?.numSeries, options, trace)
  trace.event({indicator: 'monitoring', ok: true})
}

function checkTargets(targets: readonly ScrapeTarget[], {jobs, mayBeDown}: PrometheusOptions, trace: Trace): void {
  const jobOf = ({labels}: ScrapeTarget) => labels.job ?? ''
  const down = targets.filter((one) => one.health === 'down')
  trace.fact('targets', targets.length)
  trace.fact('targets_down', down.length)
  const missing = jobs.filter((job) => !targets.some((one) => jobOf(one) === job))
  if (missing.length > 0)
    throw new ProbeFailure(
      'monitoring_incomplete',
      `expected targets of the jobs ${jobs.join(', ')}, got none of ${missing.join(', ')}`,
    )
  if (targets.length === 0) throw new ProbeFailure('monitoring_incomplete', 'expected targets to scrape, got none')
  const [first] = down.filter((one) => !mayBeDown.includes(jobOf(one)))
  if (!first) return
  const {job = '?', instance = '?'} = first.labels
  const hint = excerpt(first.lastError, 200)
  throw new ProbeFailure(
    'monitoring_target_down',
    `expected all of ${targets.length} targets up, got ${down.length} down, such as ${excerpt(`${job} ${instance}`, 80)}`,
    {
      ...(hint && {hint}),
    },
  )
}

function checkRules(
  rules: readonly {name: string; health: string; lastError: string}[],
  {rules: wanted}: PrometheusOptions,
  trace: Trace,
): void {
  trace.fact('rules', rules.length)
  const missing = wanted.filter((name) => !rules.some((rule) => rule.name === name))
  if (missing.length > 0)
    throw new ProbeFailure('monitoring_incomplete', `expected the rule ${missing[0] ?? ''}, got ${rules.length} others`)
  const failing = rules.find(({health}) => health === 'err')
  if (!failing) return
  throw new ProbeFailure(
    'monitoring_incomplete',
    `expected every rule to be evaluated, got an error in ${excerpt(failing.name, 60)}`,
    {
      hint: excerpt(failing.lastError, 200),
    },
  )
}

/** Stand-ins for Prometheus have no head, and say so by leaving it out. */
function checkHead(series: number | undefined, {maxHeadSeries}: PrometheusOptions, trace: Trace): void {
  if (series === undefined) return
  trace.fact('head_series', series)
  if (maxHeadSeries === undefined || series <= maxHeadSeries) return
  throw new ProbeFailure('monitoring_overloaded', `expected at most ${maxHeadSeries} series in memory, got ${series}`, {
    hint: 'some label has too many values: see /tsdb-status',
  })
}
