import {z} from 'zod'

export {labelName, metricName} from '../probes/metrics/contract-schema.ts'

/** A name that people type and that may stand in a file name, a label and a URL. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {error: 'expected lower-case letters and digits with single dashes between'})

/** PromQL is checked where it is used, against a server or by `promtool`; here it only has to be there. */
export const promql = z.string().trim().min(1)

/** What is said beside a value where the document errs or is silent. */
export const note = z.string().min(1).describe('where the document errs or is silent: what was decided, and why')
