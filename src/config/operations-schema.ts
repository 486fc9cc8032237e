import {z} from 'zod'
import {duration} from '../probes/duration-option.ts'
import {labelName, note, promql, slug} from './names.ts'

/** What a profile says for those who run the system: what to do, what to look at, whom to call. */

const step = z.strictObject({
  when: z.string().min(1).optional().describe('in which case'),
  step: z.string().min(1).describe('what to do'),
  command: z.string().min(1).optional().describe('the command that does it'),
})

export const runbookSchema = z.strictObject({
  title: z.string().min(1),
  symptoms: z.array(z.string().min(1)).min(1).describe('how it shows'),
  investigation: z.array(step).min(1).describe('what to look at, in order'),
  resolution: z.array(step).min(1).describe('what to do, case by case'),
  recovery: z.string().min(1).describe('how long it takes to get well'),
  note: note.optional(),
})

/** An alert on a resource that only Prometheus knows. */
export const resourceAlertSchema = z.strictObject({
  title: z.string().min(1),
  expr: promql.describe('PromQL that has a result while the alert is due'),
  for: duration().optional().describe('how long it must hold'),
  severity: z.string().min(1).describe("the document's own word"),
  runbook: slug.optional(),
  summary: z.string().min(1).describe('one line for who is alerted'),
  action: z.string().min(1).optional().describe('what to do first'),
  note: note.optional(),
})

const panel = z.strictObject({
  title: z.string().min(1),
  kind: z.enum(['timeseries', 'stat', 'gauge', 'heatmap', 'piechart', 'bargauge', 'table']).describe("Grafana's panel"),
  unit: z.string().min(1).optional().describe("Grafana's unit"),
  stacked: z.boolean().optional(),
  queries: z.array(z.strictObject({expr: promql, legend: z.string().optional()})).min(1),
  thresholds: z
    .array(z.strictObject({value: z.number(), color: z.string().min(1)}))
    .optional()
    .describe('from which value on which colour'),
  note: note.optional(),
})

export const dashboardSchema = z.strictObject({
  title: z.string().min(1),
  refresh: duration().optional().describe('how often it asks anew'),
  range: duration().optional().describe('how far back it shows'),
  panels: z.array(panel).min(1),
})

/** What is computed in advance, for dashboards that ask often. Named `level:metric:operation`, as Prometheus advises. */
export const recordingRuleSchema = z.strictObject({
  expr: promql,
  interval: duration().optional().describe('how often it is computed'),
  note: note.optional(),
})

/** How to make an alert fire on purpose, to see that it arrives. */
export const alertPathSchema = z.strictObject({
  objective: slug.describe('whose alert it is'),
  target: slug.describe('where the requests go'),
  method: z.enum(['GET', 'POST']),
  path: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  times: z.int().min(1).max(1000).describe('how many requests cross the threshold'),
  note: note.optional(),
})

const receiver = z.strictObject({
  slack: z.strictObject({channel: z.string().regex(/^#\S+$/)}).optional(),
  pagerduty: z.strictObject({severity: z.string().min(1)}).optional(),
  email: z.strictObject({to: z.string().min(1)}).optional(),
})

/** Who hears of which alert. Addresses and keys are the deployment's, never the profile's. */
export const routingSchema = z.strictObject({
  group_by: z.array(labelName).min(1),
  group_wait: duration(),
  group_interval: duration(),
  repeat_interval: duration(),
  resolve_timeout: duration().optional(),
  receiver: slug.describe('who hears of everything that no route takes away'),
  routes: z.array(z.strictObject({severity: z.string().min(1), receiver: slug, continue: z.boolean().default(false)})),
  receivers: z.record(slug, receiver),
  note: note.optional(),
})
