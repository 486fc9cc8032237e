/** Anything that survives a round trip through JSON text. */
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json}

export type JsonObject = Readonly<Record<string, Json>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
