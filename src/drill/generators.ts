import type {GeneratorMaker} from './generator.ts'
import {refuseOwnArguments} from './k6/arguments.ts'
import {findK6} from './k6/find.ts'
import type {K6Settings} from './k6/generator.ts'
import type {Scenario} from './scenarios.ts'

export interface GeneratorChoice extends Pick<K6Settings, 'script' | 'env' | 'outputs' | 'extra' | 'processes'> {
  /** Path of k6, if it is not on PATH. */
  readonly k6?: string | undefined
}

/** Finds what makes the load of a scenario: k6, and of relays our own client, as k6 speaks no UDP. Throws UserError or CannotMeasure. */
export async function generatorFor(
  scenario: Scenario,
  {k6: path, ...settings}: GeneratorChoice,
): Promise<GeneratorMaker> {
  refuseOwnArguments(settings.extra)
  if (scenario.kinds.includes('relays')) {
    const {turnGenerator} = await import('./turn/generator.ts')
    return turnGenerator
  }
  const k6 = await findK6(path)
  const {k6Generator} = await import('./k6/generator.ts')
  return (workload, {sockets, requests}) => {
    const {ca} = sockets?.options ?? requests?.[0]?.options ?? {}
    return k6Generator({...settings, k6, workload, ca})
  }
}
