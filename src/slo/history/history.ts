import {createReadStream} from 'node:fs'
import {appendFile} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {UserError} from '../../core/errors.ts'
import {entrySchema, type HistoryEntry} from './entry.ts'

/** Adds a run to a history: one line in one write, so that runs side by side do not tear each other's. */
export async function appendHistory(file: string, entry: HistoryEntry): Promise<void> {
  await appendFile(file, `${JSON.stringify(entry)}\n`)
}

export interface History {
  readonly entries: readonly HistoryEntry[]
  /** Lines that are no entry: one that a crash cut short, or what somebody else wrote. */
  readonly unreadable: number
}

/** Reads a history line by line, keeping what is asked for. Throws a UserError where there is no such file. */
export async function readHistory(file: string, wanted: (entry: HistoryEntry) => boolean): Promise<History> {
  const entries: HistoryEntry[] = []
  let unreadable = 0
  try {
    for await (const line of createInterface({input: createReadStream(file), crlfDelay: Infinity})) {
      if (line.trim() === '') continue
      const entry = parseEntry(line)
      if (!entry) unreadable++
      else if (wanted(entry)) entries.push(entry)
    }
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException
    throw new UserError(`--history: cannot read ${file} (${code})`, 'probe run --history FILE writes one', {
      cause: error,
    })
  }
  return {entries, unreadable}
}

function parseEntry(line: string): HistoryEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined // not JSON: counted, and said
  }
}
