import {isJsonObject, type Json} from './json.ts'
import type {CheckResult} from './result.ts'
import type {Sample} from './sample.ts'

/** How a family of a JSON page is exported: nobody but us tells Prometheus of it. */
export type MappedFamilies = Readonly<Record<string, Pick<Sample, 'type' | 'help'>>>

/**
 * The numbers that a page of JSON gave last, under the names that the contract maps them to. Counters are as the server
 * counts them: what they grew by is Prometheus' to say. Everything that is not of the known shape is left out.
 */
export function mappedSamples({check, target, attempts}: CheckResult): Sample[] {
  const details = attempts.findLast((attempt) => isJsonObject(attempt.details?.mapped))?.details
  const [families, samples] = [details?.mapped, details?.samples]
  if (!isJsonObject(families) || !Array.isArray(samples)) return []
  return (samples as readonly Json[]).flatMap((sample) => {
    if (!isJsonObject(sample) || typeof sample.name !== 'string' || !isJsonObject(sample.labels)) return []
    const family = families[sample.name]
    const value = Number(sample.value)
    if (!isJsonObject(family) || Number.isNaN(value)) return []
    const type = family.type === 'counter' ? 'counter' : 'gauge'
    const own = Object.entries(sample.labels).map(([label, text]) => [label, textOf(text)] as const)
    return [
      {name: sample.name, type, help: textOf(family.help), labels: {...Object.fromEntries(own), check, target}, value},
    ]
  })
}

function textOf(value: Json = ''): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
