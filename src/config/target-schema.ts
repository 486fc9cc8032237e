import {z} from 'zod'
import {probes} from '../probes/index.ts'
import type {Probe} from '../probes/probe.ts'
import {checkFields, optionsOf} from './check-schema.ts'

/** What a profile says of an address that a deployment gives. */
export const endpointSchema = z.strictObject({
  title: z.string().min(1).describe('what answers there'),
  schemes: z
    .array(z.string().regex(/^[a-z][a-z0-9+.-]*$/))
    .min(1)
    .describe('the schemes its address can have'),
  example: z.string().min(1).describe('an address as it may look'),
})

const address = z.string().min(1).describe('a URL, or a turn:, turns:, stun: or stuns: URI')

/** Every option that some probe knows: said of a target, it holds for each check on it that knows the option. */
const shared: Readonly<Record<string, z.ZodOptional>> = Object.fromEntries(
  Object.values<Probe>(probes).flatMap((probe) =>
    Object.entries(optionsOf(probe).shape).map(
      ([name, field]) => [name, z.optional(withoutDefault(field as z.core.$ZodType))] as const,
    ),
  ),
)

/** A default would be said of every target; it is the check's to fill in. The marks of what is taken off stay. */
function withoutDefault(field: z.core.$ZodType): z.ZodType {
  const hasDefault = field instanceof z.ZodDefault || field instanceof z.ZodPrefault
  const bare = hasDefault || field instanceof z.ZodOptional ? withoutDefault(field.def.innerType) : (field as z.ZodType)
  const meta = z.globalRegistry.get(field)
  return meta ? bare.meta(meta) : bare
}

/** One address, or a fleet of them, with what all checks on it are told: credentials, an authority, headers. */
export const targetSchema = z.strictObject({
  ...shared,
  family: checkFields.family,
  address: z
    .union([address, z.array(address).min(1).refine(areDifferent, 'expected each address once')])
    .describe('where it answers; a list is a fleet, each judged apart'),
})

function areDifferent(addresses: readonly string[]): boolean {
  return new Set(addresses).size === addresses.length
}
