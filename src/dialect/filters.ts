import type {Json} from '../core/json.ts'
import {decodeBase64, encodeBase64} from './base64.ts'
import {parseJson} from './parse-json.ts'
import {decodeUtf8, encodeUtf8} from './utf8.ts'
import {escapeXml, unescapeXml} from './xml.ts'

/** What `{name|filter}` makes of a value. */
const filters = {
  json: (value: Json) => JSON.stringify(value),
  xml: (value: Json) => escapeXml(asText(value)),
  url: (value: Json) => encodeUrl(asText(value)),
  base64: (value: Json) => encodeBase64(encodeUtf8(asText(value))),
  text: (value: Json) => asText(value),
  number: (value: Json) => toNumber(value),
  bytes: (value: Json) => encodeUtf8(asText(value)).length,
} as const satisfies Record<string, (value: Json) => Json>

export type Filter = keyof typeof filters
export const filterNames = Object.keys(filters) as readonly Filter[]

export function applyFilter(filter: string, value: Json): Json {
  return isFilter(filter) ? filters[filter](value) : value
}

export function isFilter(name: string): name is Filter {
  return Object.hasOwn(filters, name)
}

/** What a value that was taken is read as; undefined where it cannot be. */
const decoders = {
  json: (text: string) => parseJson(text),
  xml: (text: string) => unescapeXml(text),
  url: (text: string) => decodeUrl(text),
  base64: (text: string) => decodeUtf8(decodeBase64(text) ?? NOT_UTF8) ?? undefined,
  number: (text: string) => (isNumeric(text) ? Number(text) : undefined),
} as const satisfies Record<string, (text: string) => Json | undefined>

export type Decoder = keyof typeof decoders
export const decoderNames = Object.keys(decoders) as [Decoder, ...Decoder[]]

export function decode(decoder: Decoder, value: Json): Json | undefined {
  return typeof value === 'string' ? decoders[decoder](value) : undefined
}

/** A text as it is; anything else as JSON. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** RFC 3986, section 2.3: everything but unreserved characters is escaped. */
export function encodeUrl(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return Array.from(encodeUtf8(text), (byte) => {
    const letter = String.fromCharCode(byte)
    return /[\w.~-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

const NOT_UTF8 = Uint8Array.of(0xff)

function decodeUrl(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined // a lone "%": not escaped
  }
}

function toNumber(value: Json): Json {
  return typeof value === 'string' && isNumeric(value) ? Number(value) : value
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}
