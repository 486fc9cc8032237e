import type {GeneratorMaker} from './generator.ts'
import {refuseOwnArguments} from './k6/arguments.ts'
import {findK6} from './k6/find.ts'
import type {K6Settings} from './k6/generator.ts'

export interface GeneratorChoice extends Pick<K6Settings, 'script' | 'env' | 'outputs' | 'extra'> {
  /** Path of k6, if it is not on PATH. */
  readonly k6?: string | undefined
}

/** Finds what makes the load of a scenario. Throws UserError or CannotMeasure. */
export async function generatorFor({k6: path, ...settings}: GeneratorChoice): Promise<GeneratorMaker> {
  refuseOwnArguments(settings.extra)
  const k6 = await findK6(path)
  const {k6Generator} = await import('./k6/generator.ts')
  return (workload, {ca}) => k6Generator({...settings, k6, workload, ca})
}
