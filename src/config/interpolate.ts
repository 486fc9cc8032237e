export interface Interpolated {
  readonly text: string
  /** The values that came from the environment. */
  readonly taken: readonly string[]
  /** The first variable that is not set and has no default. */
  readonly missing?: string
  /** What looks like a reference and is none: "${NO-PE}". */
  readonly malformed?: string
  /** What is used is written in the file: the whole text, or a default. */
  readonly isLiteral: boolean
}

const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

/** Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for a plain `${`. An empty variable is not set, as in a shell's `:-`. */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  const valueOf = (name: string) => (env[name] === '' ? undefined : env[name])
  const named = [...text.matchAll(reference)].flatMap(([, name, fallback]) => {
    return name === undefined ? [] : [{name, fallback, value: valueOf(name)}]
  })
  const missing = named.find(({value, fallback}) => (value ?? fallback) === undefined)
  const written = named.some(({value, fallback = ''}) => value === undefined && fallback !== '')
  const malformed = /\$\{[^}]*\}?/.exec(text.replace(reference, ''))?.[0]
  return {
    text: text.replace(reference, (whole, name?: string, fallback?: string) => {
      return name === undefined ? '${' : (valueOf(name) ?? fallback ?? whole)
    }),
    taken: named.flatMap(({value}) => value ?? []),
    isLiteral: named.length === 0 ? text !== '' : written,
    ...(missing && {missing: missing.name}),
    ...(malformed && {malformed}),
  }
}
