import {mapStrings} from '../core/map-strings.ts'

/** C0, DEL and C1, which move cursors and set colours; the marks that turn the direction of text; line separators; BOM. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

/**
 * The same document with every string as it may be shown anywhere: on one line, without a character that a terminal
 * would obey. What is taken out is shown as an escape, for it is often the cause. Done at a reporter's edge, before it
 * adds line breaks and colours of its own.
 */
export function printable<T>(document: T): T {
  return mapStrings(document, (text) => text.toWellFormed().replace(unprintable, escaped))
}

/** Replaces every character that is not ASCII, ours by what resembles it. */
export function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => lookalikes[character] ?? codePoint(character))
}

const lookalikes: Readonly<Record<string, string>> = {'–': '-', '—': '-', '·': '|', '…': '...', '→': '->'}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return ' '
  return codePoint(character)
}

function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`
}
