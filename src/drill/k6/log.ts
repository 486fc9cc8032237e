import {isJsonObject} from '../../core/json.ts'

/** What k6 said on its way, as far as a verdict has to know it. */
export interface K6Log {
  /** Exceptions in our script: k6 goes on and exits with 0 all the same. */
  readonly exceptions: number
  /** The first message of each failure code, as the virtual users told it. */
  readonly failures: Readonly<Record<string, string>>
  /** The last message of an error of its own: why it ended, if it ended by itself. */
  readonly lastError: string | undefined
}

export interface K6LogReader {
  line(text: string): void
  readonly read: K6Log
}

/** Reads k6's log in JSON, line by line. */
export function readK6Log(): K6LogReader {
  let exceptions = 0
  let lastError: string | undefined
  const failures = new Map<string, string>()
  return {
    line(text) {
      const {level, msg, hint} = text.startsWith('time=') ? plain(text) : parse(text)
      const told = level === 'warning' ? parse(msg) : {}
      if (typeof told.failure === 'string') {
        if (!failures.has(told.failure))
          failures.set(told.failure, typeof told.message === 'string' ? told.message : '')
        return
      }
      const error = (level === 'error' || level === 'fatal') && typeof msg === 'string' ? msg : undefined
      // Of a promise that nobody waits for, k6 gives no hint.
      if (hint === 'script exception' || error?.startsWith('Uncaught (in promise)')) exceptions++
      lastError = error ?? lastError
    },
    get read() {
      return {exceptions, failures: Object.fromEntries(failures), lastError}
    },
  }
}

/** What k6 says before it has read its own options: `time="…" level=error msg="unknown flag: --x"`. */
function plain(text: string): Partial<Record<string, unknown>> {
  const [, level, msg] = /\blevel=(\w+) msg=("(?:[^"\\]|\\.)*")/.exec(text) ?? []
  return msg === undefined ? {} : {level, msg: quoted(msg)}
}

function quoted(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text // Go quotes some characters otherwise
  }
}

function parse(text: unknown): Partial<Record<string, unknown>> {
  try {
    const value: unknown = typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : {}
    return isJsonObject(value) ? value : {}
  } catch {
    return {} // a line of Go's own, as of a panic
  }
}
