import {isRecord} from './json.ts'

/** What k6 said on its way: what a verdict has to know, and the last lines for people. */
export interface K6Log {
  /** Exceptions in our script: k6 goes on and exits with 0 all the same. */
  readonly exceptions: number
  readonly errors: number
  /** The first message of each failure code, as the virtual users told it. */
  readonly failures: Readonly<Record<string, string>>
  readonly tail: readonly string[]
}

const TAIL = 20

export interface K6LogReader {
  line(text: string): void
  readonly read: K6Log
}

/** Reads k6's log in JSON, line by line. */
export function readK6Log(): K6LogReader {
  let exceptions = 0
  let errors = 0
  const failures = new Map<string, string>()
  const tail: string[] = []
  return {
    line(text) {
      const {level, msg, hint} = parse(text)
      const told = level === 'warning' ? parse(msg) : {}
      if (typeof told.failure === 'string') {
        if (!failures.has(told.failure))
          failures.set(told.failure, typeof told.message === 'string' ? told.message : '')
        return
      }
      if (hint === 'script exception') exceptions++
      if (level === 'error' || level === 'fatal') errors++
      tail.push(typeof msg === 'string' ? msg : text)
      if (tail.length > TAIL) tail.shift()
    },
    get read() {
      return {exceptions, errors, failures: Object.fromEntries(failures), tail: [...tail]}
    },
  }
}

function parse(text: unknown): Partial<Record<string, unknown>> {
  try {
    const value: unknown = typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : {}
    return isRecord(value) ? value : {}
  } catch {
    return {} // a line of Go's own, as of a panic
  }
}
