import {formatMs} from '../core/duration.ts'

export interface ElapsedLine {
  /** Makes room for what is printed. */
  readonly clear: () => void
  readonly end: () => void
}

const EVERY_MS = 1000
const CLEAR = '\r\u001B[K'

/** How far something is that takes its time, in a line on stderr, anew every second; nothing where that is no terminal. */
export function elapsedLine(what: string, takesMs: number): ElapsedLine {
  const {stderr} = process
  if (!stderr.isTTY || takesMs < EVERY_MS) return {clear: () => {}, end: () => {}}
  const startedAt = performance.now()
  const show = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000) * 1000
    stderr.write(CLEAR + `${what} · ${formatMs(seconds)} of ${formatMs(takesMs)}`.slice(0, stderr.columns - 1))
  }
  const timer = setInterval(show, EVERY_MS)
  const clear = () => void stderr.write(CLEAR)
  return {
    clear,
    end() {
      clearInterval(timer)
      clear()
    },
  }
}
