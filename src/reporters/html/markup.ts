/** Text that is markup already. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | false | null | undefined | readonly Part[]

/**
 * Markup from a template: what is put into it is escaped unless it is markup itself, so that no text of a server can
 * become any. Attributes are to be written in double quotes. Nothing comes of false, null and undefined.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {markup: strings.map((text, index) => text + textOf(parts[index])).join('')}
}

/** Markup of our own that no value goes into. */
export function verbatim(markup: string): Markup {
  return {markup}
}

function textOf(part: Part): string {
  if (part === undefined || part === null || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(textOf).join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
