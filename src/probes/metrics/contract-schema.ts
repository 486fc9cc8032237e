import {z} from 'zod'
import {parseJsonPath} from '../../core/json-path.ts'

/** Prometheus' own rule for names of metrics. */
export const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {error: 'expected the name of a metric'})

export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {error: 'expected the name of a label'})

/** What `probe run` exports a page of JSON under, beside its own families and labels. */
const OWN = 'probe_'
const ownLabels: readonly string[] = ['job', 'instance', 'location', 'selection', 'check', 'target']

/** A metric family that the system promises to export. */
const familySchema = z
  .strictObject({
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    help: z.string().min(1),
    unit: z.enum(['ms', 's', 'bytes', 'count']).optional(),
    labels: z
      .record(labelName, z.array(z.string()))
      .optional()
      .describe('labels with their known values, empty if any'),
    assumed_labels: z
      .record(labelName, z.array(z.string()))
      .optional()
      .describe('labels that a query needs and that the document does not list'),
    buckets: z.array(z.number()).min(1).optional().describe('upper bounds that the document names'),
    limits: z.array(z.number()).optional().describe('upper bounds that objectives ask for, in the unit of the family'),
    json: z
      .string()
      .refine((text) => parseJsonPath(text) !== null, 'expected a JSON path of one value, such as $.requests.total')
      .optional()
      .describe('where it stands, if the system exports JSON instead of the text format of Prometheus'),
    assumed: z.string().min(1).optional().describe("why it stands here although the document's list does not have it"),
    note: z.string().min(1).optional().describe('where the document errs or is silent: what was decided, and why'),
  })
  .refine(({type, buckets}) => buckets === undefined || type === 'histogram', {
    path: ['buckets'],
    error: 'expected buckets on a histogram only',
  })
  .refine(({type, json}) => json === undefined || type === 'counter' || type === 'gauge', {
    path: ['type'],
    error: 'expected a counter or a gauge of what stands in JSON',
  })
  .refine(({labels = {}, json}) => json === undefined || !Object.keys(labels).some((one) => ownLabels.includes(one)), {
    path: ['labels'],
    error: `expected other labels than those of a run of probes (${ownLabels.join(', ')}) on what stands in JSON`,
  })

/** What a system promises to export, by the name of the family. */
export const contractSchema = z
  .record(metricName, familySchema)
  .refine(
    (contract) => !Object.entries(contract).some(([name, {json}]) => json !== undefined && name.startsWith(OWN)),
    {
      error: 'expected names that do not begin with probe_ of what stands in JSON: those are of a run of probes',
    },
  )
