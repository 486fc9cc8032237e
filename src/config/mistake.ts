import {UserError} from '../core/errors.ts'

/** The way to a value: names of members and indexes of items. */
export type Path = readonly (string | number)[]

/** Where something is written, as editors and terminals understand it: `probe.yaml:3:5`, or `environment PROBE_CONFIG`. */
export interface Place {
  /** The layer it is written in: a file's name, "environment", "flags". */
  readonly source: string
  readonly line?: number
  readonly column?: number
}

/** One thing that is wrong with a configuration. */
export interface Mistake {
  readonly place: Place
  readonly path: Path
  /** "expected …, got …" */
  readonly message: string
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigError extends UserError {
  readonly mistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[]) {
    const lines = [...new Set(mistakes.toSorted(byPlace).map(formatMistake))]
    super(lines.join('\n'), lines.length > 1 ? `${lines.length} mistakes` : undefined)
    this.mistakes = mistakes
  }
}

function formatMistake({place, path, message}: Mistake): string {
  const where = [formatPlace(place), formatPath(path)].filter(Boolean).join(' ')
  return `${where}: ${message}`
}

function formatPlace({source, line, column}: Place): string {
  return line === undefined ? source : `${source}:${line}:${column ?? 1}`
}

/** `checks.health.tags[0]`, with quotes where a name is not a word: `metrics["http:requests"]`. */
function formatPath(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`
      return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
    })
    .join('')
    .replace(/^\./, '')
}

function byPlace({place: a}: Mistake, {place: b}: Mistake): number {
  const order = a.source.localeCompare(b.source) || (a.line ?? 0) - (b.line ?? 0)
  return order || (a.column ?? 0) - (b.column ?? 0)
}
