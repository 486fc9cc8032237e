import {z} from 'zod'
import {parseJsonPath} from '../../core/json-path.ts'

/** Prometheus' own rule for names of metrics. */
export const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {error: 'expected the name of a metric'})

export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {error: 'expected the name of a label'})

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

/** What a system promises to export, by the name of the family. */
export const contractSchema = z.record(metricName, familySchema)
