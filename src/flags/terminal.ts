/** How stdout may be written to. NO_COLOR (no-color.org) and a pipe both mean plain text. */
export function terminal(): {readonly color: boolean; readonly width: number} {
  const {isTTY, columns} = process.stdout
  return {color: isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb', width: isTTY ? columns : 120}
}
