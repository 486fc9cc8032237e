import {z} from 'zod'

const MIB = 1024 * 1024

/** The longest message or body that is read, in bytes. */
export function sizeLimit(mebibytes: number): z.ZodDefault<z.ZodInt> {
  return z
    .int()
    .positive()
    .max(64 * MIB)
    .default(mebibytes * MIB)
}
