import {z} from 'zod'
import {drillSchema} from './drill-schema.ts'
import {slug} from './names.ts'
import {profileFields} from './profile-schema.ts'
import {sinksSchema} from './sink-schema.ts'
import {targetSchema} from './target-schema.ts'

// A config is parsed once or twice: compiling the schemas for that, as zod would, costs every start 30 ms.
z.config({jitless: true})

/** What a deployment adds to its profile. */
export const deploymentFields = {
  profile: z.string().min(1).describe('name of a built-in profile, or path of one of your own'),
  instance: slug.describe('name of this deployment, the `instance` of everything that is exported'),
  location: z.string().min(1).max(100).default('default').describe('where the prober stands'),
  targets: z.record(slug, targetSchema).default({}).describe('where the endpoints of the profile answer'),
  reference: z
    .string()
    .regex(/^(\[[^\]]+\]|[^\s:/]+):\d+$/, {error: 'expected HOST:PORT'})
    .refine(hasPort, 'expected a port of 1 to 65535')
    .optional()
    .describe('an address that answers when the network does, to tell "they are down" from "I am offline"'),
  sinks: sinksSchema.default({}).describe('where the numbers go'),
  history: z
    .string()
    .min(1)
    .optional()
    .describe('file that each whole run is added to, for "slo budget"; from the folder of the config that names it'),
  drill: drillSchema.prefault({}).describe('what a load drill may do here'),
}

/** A profile and a deployment together: what is left when all layers are merged. */
export const configSchema = z.strictObject({...profileFields, ...deploymentFields})

export type Config = z.output<typeof configSchema>

/** What has no port at all is another mistake. */
function hasPort(address: string): boolean {
  const port = /:(\d+)$/.exec(address)?.[1]
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)
}
