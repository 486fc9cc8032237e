import {z} from 'zod'
import {timer} from '../probes/duration-option.ts'
import {probes} from '../probes/index.ts'
import type {Probe} from '../probes/probe.ts'
import {slug} from './names.ts'

/** What every check has, whatever its probe. The probe's own options stand beside these. */
export const checkFields = {
  target: slug.describe('name of the target that is probed'),
  title: z.string().min(1).optional().describe('what the check shows, for people'),
  attempts: z.int().min(1).max(10_000).default(1).describe('how often it is tried, one after the other'),
  every: timer(0).default(1000).describe('from the start of one attempt to the start of the next'),
  timeout: timer()
    .default(5000)
    .describe('how long one attempt may take, beyond the time that its messages are spread over'),
  family: z.literal([4, 6]).optional().describe('use only this IP version'),
  needs: z.array(slug).default([]).describe('checks that must succeed first; a failed one blocks this'),
  tags: z.array(slug).default([]).describe('words by which checks are selected and objectives find them'),
  runbook: slug.optional().describe('the runbook to open when it fails'),
}

export const probeNames: readonly string[] = Object.keys(probes)

/** The options of one probe as an object schema, whose fields can be listed and extended. */
export function optionsOf(probe: Probe): z.ZodObject {
  const {options} = probe
  if (options instanceof z.ZodObject) return options
  throw new TypeError(`the options of the probe ${probe.name} are no object schema`)
}

/** One variant for each probe of the registry. */
const variants = Object.values<Probe>(probes).map((probe) =>
  optionsOf(probe).safeExtend({...checkFields, probe: z.literal(probe.name).describe(probe.summary)}),
)

/** What the variants have in common; each variant is checked strictly, with its probe's own options beside these. */
export type CheckSettings = z.output<z.ZodObject<typeof checkFields>> & {readonly probe: string}

export const checkSchema = z.discriminatedUnion('probe', variants as never) as unknown as z.ZodType<CheckSettings>
