import type {AttemptResult} from '../core/result.ts'
import type {Check} from '../probes/check.ts'

export interface Progress {
  readonly attempt: (result: AttemptResult) => void
  readonly end: () => void
}

/** One line on stderr that says how far a run is; nothing where stderr is no terminal. */
export function progress(checks: readonly Check[]): Progress {
  const {stderr} = process
  if (!stderr.isTTY) return {attempt: () => {}, end: () => {}}
  const total = checks.reduce((sum, {attempts}) => sum + attempts, 0)
  let done = 0
  const show = (text: string) => stderr.write(`\r\u001B[K${text.slice(0, stderr.columns - 1)}`)
  show(`0/${total} attempts`)
  return {
    attempt: ({check, ok}) => show(`${++done}/${total} attempts · ${check} ${ok ? 'ok' : 'failed'}`),
    end: () => stderr.write('\r\u001B[K'),
  }
}
