/** The first printable characters of what a server sent, for an error message. */
export function excerpt(sent: Uint8Array | string, length = 120): string {
  const beginning = sent.slice(0, length * 4)
  const text = typeof beginning === 'string' ? beginning : Buffer.from(beginning).toString('utf8')
  const printable = text
    .replace(/[^\P{C}\s]|\uFFFD/gu, '·')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = Array.from(printable) // by code points: half a surrogate pair is no text
  const cut = characters.length > length || sent.length > beginning.length
  return cut ? `${characters.slice(0, length).join('')}…` : printable
}
