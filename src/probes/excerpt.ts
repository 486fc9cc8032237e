/** The first printable characters of what a server sent, for an error message. */
export function excerpt(sent: Uint8Array | string, length = 120): string {
  const text = typeof sent === 'string' ? sent : Buffer.from(sent.subarray(0, length * 4)).toString('utf8')
  const shown = text
    .replace(/[^\P{C}\n\r\t]|\uFFFD/gu, '·')
    .replace(/\s+/g, ' ')
    .trim()
  return shown.length > length ? `${shown.slice(0, length)}…` : shown
}
