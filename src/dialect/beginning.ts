/** The beginning of a text of any length, as it may stand in a message. */
export function beginning(text: string, length = 120): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
