import type {Config} from './config-schema.ts'
import type {Explanation} from './explain.ts'
import type {Path} from './mistake.ts'

/** The names of each section, with those that are switched off or broken. */
export interface Names {
  readonly checks: ReadonlySet<string>
  readonly targets: ReadonlySet<string>
  readonly endpoints: ReadonlySet<string>
  readonly runbooks: ReadonlySet<string>
  /** What the checks deliver; unknown while one of them has a wrong shape. */
  readonly indicators: ReadonlySet<string>
}

/** What a schema cannot say: how the parts of a configuration fit together. */
export type Rule = (config: Config, names: Names) => Explanation[]

export function wrong(path: Path, message: string, at: 'key' | 'value' = 'value'): Explanation[] {
  return [{path, message, at}]
}
