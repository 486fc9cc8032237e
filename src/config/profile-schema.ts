import {z} from 'zod'
import {dialectSchema} from '../dialect/schema.ts'
import {duration} from '../probes/duration-option.ts'
import {contractSchema} from '../probes/metrics/contract-schema.ts'
import {checkSchema} from './check-schema.ts'
import {labelName, metricName, note, promql, slug} from './names.ts'
import {objectiveSchema} from './objective-schema.ts'
import {
  alertPathSchema,
  dashboardSchema,
  recordingRuleSchema,
  resourceAlertSchema,
  routingSchema,
  runbookSchema,
} from './operations-schema.ts'
import {endpointSchema} from './target-schema.ts'

const documentSchema = z.strictObject({
  title: z.string().min(1),
  file: z.string().min(1).describe('the file that was read'),
})

const peakSchema = z.strictObject({
  factor: z.number().positive().default(2).describe('a drill runs at this multiple of the peak'),
  sessions: z.int().positive().optional().describe('sessions at once'),
  connections: z.int().positive().optional().describe('sockets at once'),
  requests_per_second: z.number().positive().optional(),
  connects_per_second: z.number().positive().optional(),
  messages_per_second: z.number().positive().optional(),
  vus: z.int().positive().optional().describe('virtual users of a closed load model'),
  relayed_calls: z.int().positive().optional().describe('calls through the relay at once, both ends relayed'),
  query: promql.optional().describe('where Prometheus knows the peak'),
  query_of: z
    .enum(['connections', 'connects_per_second', 'messages_per_second', 'requests_per_second', 'relayed_calls'])
    .optional()
    .describe('what the query tells the peak of'),
  note: note.optional(),
})

const scrapeSchema = z.strictObject({
  interval: duration(),
  evaluation_interval: duration(),
  external_labels: z.record(labelName, z.string()).optional(),
  jobs: z.record(
    slug,
    z.strictObject({
      targets: z.array(z.string().min(1)).optional(),
      annotated_pods: z.boolean().optional().describe('every pod that carries prometheus.io/scrape: "true"'),
      note: note.optional(),
    }),
  ),
  note: note.optional(),
})

/** Everything that is documented of one system. A profile of one's own names a built-in one in `extends` and says what differs. */
export const profileFields = {
  name: slug.describe('its name, and the `job` of everything that is exported'),
  title: z.string().min(1).describe('what it is, in one line'),
  document: documentSchema.describe('what this was read from'),
  endpoints: z.record(slug, endpointSchema).describe('the addresses that a deployment has to give'),
  ports: z
    .array(
      z.strictObject({
        port: z.int().min(1).max(65_535),
        transport: z.enum(['udp', 'tcp']),
        purpose: z.string().min(1),
      }),
    )
    .default([])
    .describe('what a firewall has to let through'),
  checks: z.record(slug, checkSchema).describe('what is probed, and how'),
  dialect: dialectSchema.optional().describe('how its signaling server is spoken to'),
  objectives: z.record(slug, objectiveSchema).describe('how good it must be'),
  alerts: z.record(slug, resourceAlertSchema).default({}).describe('alerts on what only Prometheus knows'),
  recording_rules: z
    .record(metricName, recordingRuleSchema)
    .default({})
    .describe('what Prometheus computes in advance'),
  error_types: z.array(z.string().min(1)).default([]).describe('the values of `type` in its count of errors'),
  metrics: contractSchema.default({}).describe('the metrics it promises to export'),
  scrape: scrapeSchema.optional().describe('how its Prometheus collects'),
  peak: peakSchema.optional().describe('how much load it is made for'),
  runbooks: z.record(slug, runbookSchema).default({}).describe('what to do when it breaks'),
  dashboards: z.record(slug, dashboardSchema).default({}).describe('what its operators look at'),
  routing: routingSchema.optional().describe('who hears of which alert'),
  alert_path: alertPathSchema.optional().describe('how to see that an alert arrives'),
  tracing: z
    .strictObject({
      kind: z.literal('opentelemetry'),
      service: z.string().min(1),
      exporter: z.string().min(1).optional(),
      endpoint: z.string().min(1).optional(),
      note: note.optional(),
    })
    .optional()
    .describe('where its traces go'),
  maintenance: z
    .array(z.strictObject({every: z.enum(['day', 'week', 'month', 'quarter']), task: z.string().min(1)}))
    .default([])
    .describe('what its operators do regularly'),
  notes: z.array(note).default([]).describe('decisions that belong to no single value'),
}

export const profileSchema = z.strictObject(profileFields)
