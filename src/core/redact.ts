import {mapStrings} from './map-strings.ts'

const MASK = '[redacted]'
/** Shorter values would tear ordinary words apart; they are masked by place instead, where they are configured. */
const SHORTEST = 4

/**
 * Replaces every secret in a text, in the forms in which it travels: plain, URL-encoded, inside JSON, inside JSON in JSON, inside XML; and what a cut
 * ("…") has left of it, as a long token does not fit into what is shown of an answer.
 */
export function redactText(text: string, secrets: Iterable<string>): string {
  const forms = formsOf(secrets)
  let result = text
  for (const form of forms) result = result.replaceAll(form, MASK)
  const parts = result.split('…')
  return parts.map((part, index) => (index < parts.length - 1 ? withoutCut(part, forms) : part)).join('…')
}

function withoutCut(before: string, forms: readonly string[]): string {
  const left = Math.max(...forms.map((form) => overlap(before, form)), 0)
  return left >= SHORTEST ? before.slice(0, before.length - left) + MASK : before
}

/** How many characters at the end of the text are the beginning of the form. */
function overlap(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length); length >= SHORTEST; length--) {
    if (text.endsWith(form.slice(0, length))) return length
  }
  return 0
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
    const inQuery = new URLSearchParams([['', secret]]).toString().slice(1)
    const inJson = escaped(secret)
    const nested = [escaped(inJson), escaped(escaped(inJson))] // a message in JSON, in a message in JSON
    for (const form of [secret, encodeURIComponent(secret), inQuery, inJson, ...nested, inXml(secret)]) forms.add(form)
  }
  return [...forms].sort((a, b) => b.length - a.length)
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function inXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
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

/** What of a URL must not show: the user information and the values of the query, as written and decoded. */
export function urlSecrets(url: string): string[] {
  const user = /^(?:[a-z][a-z0-9+.-]*:(?:\/\/)?)?([^/?#@]*)@/i.exec(url)?.[1]
  const [name, ...password] = user?.split(':') ?? []
  const query = [...url.matchAll(/[?&]([^=&#]*)=([^&#]*)/g)]
  const values = query.filter(([, key]) => key !== 'transport' && key !== 'EIO').map(([, , found]) => found)
  const parts = [user, password.length > 0 ? password.join(':') : name, ...values]
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : [part, decoded(part)]))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded after all
  }
}
