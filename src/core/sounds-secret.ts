const words = String.raw`token|secret|passw|credential|authorization|cookie|api-?key`

/** Part of a pattern: the words by which people name what must not show. */
export const SECRET_WORDS = `(?:${words})`

const secretName = new RegExp(words, 'i')

export function soundsSecret(name: string): boolean {
  return secretName.test(name)
}
