import {z} from 'zod'
import {duration} from '../probes/duration-option.ts'
import {metricName, note, promql, slug} from './names.ts'

/** One documented threshold: the share of events that must be good, and what makes an event good. */
const boundSchema = z
  .strictObject({
    share: z.number().min(0).max(1).describe('part of the events that must be good, 0 to 1'),
    max: z.number().optional().describe("good also means: a value up to this, in the objective's unit"),
    min: z.number().optional().describe('good also means: a value from this on'),
    sign: z
      .enum(['<', '<=', '>', '>='])
      .optional()
      .describe(
        'how what is good compares: < or <= to `max`, else > or >= to `min` or to `share`; inclusive if absent',
      ),
    for: duration().optional().describe('how long it must be crossed before Prometheus alerts'),
    consecutive: z.int().min(1).optional().describe('crossed by so many bad events running, whatever the share'),
    severity: z.string().min(1).default('warning').describe("the document's own word"),
    runbook: slug.optional().describe('the runbook to open when it is crossed'),
    summary: z.string().min(1).optional().describe('one line for who is alerted'),
    note: note.optional(),
  })
  .refine(({sign, max}) => !sign?.startsWith('<') || max !== undefined, {
    path: ['sign'],
    error: 'expected > or >= where no `max` is given, got <',
  })
  .refine(({sign, max, min}) => !sign?.startsWith('>') || max === undefined || min !== undefined, {
    path: ['sign'],
    error: 'expected < or <= beside `max`, got >',
  })

const selector = promql.describe('a metric, with labels where they select')
const selectors = z.union([selector, z.array(selector).min(1)]).describe('metrics that are added up')
const unit = z.enum(['ms', 's', 'ratio', 'percent', 'bytes', 'count']).describe('unit of its values')

/** Where Prometheus finds the events of an objective. */
const prometheusSchema = z.union([
  z.strictObject({histogram: metricName.describe('name without _bucket'), unit}),
  z.strictObject({good: selectors, total: selectors}),
  z.strictObject({bad: selectors, total: selectors}),
  z.strictObject({up: selector.describe('a gauge that is 1 while all is well')}),
  z.strictObject({level: promql.describe('a query for the level'), unit}),
])

export const objectiveSchema = z.strictObject({
  title: z.string().min(1).describe('what the document calls it'),
  indicator: z
    .string()
    .regex(/^[a-z]+(_[a-z]+)*$/)
    .describe('the kind of event that is judged'),
  unit: unit.optional(),
  of: z
    .strictObject({
      checks: z.array(slug).min(1).optional().describe('judge only these checks'),
      tags: z.array(slug).min(1).optional().describe('judge only checks with one of these tags'),
    })
    .optional()
    .describe('which checks are judged; without it all that deliver the indicator'),
  sources: z
    .array(z.enum(['probe', 'drill', 'prometheus', 'metrics']))
    .min(1)
    .describe('which measurements can decide'),
  kind: z.enum(['events', 'slices']).default('events').describe('events happen; slices are levels, one a time step'),
  role: z.enum(['promise', 'load']).default('promise').describe('load says how much there is and decides nothing'),
  target: boundSchema.optional().describe('the promise: missing it is `degraded`'),
  alert: boundSchema.optional().describe('the alerting threshold: crossing it is `fail`'),
  page: boundSchema.optional().describe('the threshold that wakes people: crossing it is `fail`'),
  minEvents: z.int().min(1).default(20).describe('with fewer events the verdict is flagged'),
  prometheus: prometheusSchema.optional().describe('how Prometheus measures it'),
  window: duration()
    .refine((ms) => ms > 0, 'expected a duration above 0')
    .optional()
    .describe('over which time Prometheus judges it; an hour if nothing is said'),
  assumed: z.string().min(1).optional().describe('why it stands here although the document does not say it'),
  note: note.optional(),
})

export type BoundSettings = z.output<typeof boundSchema>
export type ObjectiveSettings = z.output<typeof objectiveSchema>
