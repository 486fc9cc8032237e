import {mapStrings} from './map-strings.ts'

const MASK = '[redacted]'
/** Shorter values would tear ordinary words apart; they are masked by place instead, where they are configured. */
const SHORTEST = 4

/** Replaces every secret in a text, in the forms in which it travels: plain, URL-encoded, inside JSON. */
export function redactText(text: string, secrets: Iterable<string>): string {
  let result = text
  for (const form of formsOf(secrets)) result = result.replaceAll(form, MASK)
  return result
}

/** The same for every string of a document, keys included. */
export function redactJson<T>(value: T, secrets: readonly string[]): T {
  return secrets.length === 0 ? value : mapStrings(value, (text) => redactText(text, secrets))
}

/** Longest first, so that a secret that contains another is not left half shown. */
function formsOf(secrets: Iterable<string>): string[] {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) forms.add(form)
  }
  return [...forms].sort((a, b) => b.length - a.length)
}

/**
 * A URL as it may be shown: no user information, no query values. Works on text, so that what is no URL is shown
 * as safely as what is one.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:(?:\/\/)?)?[^/?#@]*@/i, '$1')
    .replace(/([?&][^=&#]*)=[^&#]*/g, (whole, name: string) => {
      return /^[?&](transport|EIO)$/.test(name) ? whole : `${name}=…`
    })
}
