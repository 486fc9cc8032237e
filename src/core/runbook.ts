import type {CheckedVerdict} from './verdict.ts'

export interface RunbookStep {
  /** In which case; always, where nothing is said. */
  readonly when?: string | undefined
  readonly step: string
  readonly command?: string | undefined
}

/** What the document says to do about one kind of trouble. */
export interface Runbook {
  readonly title: string
  readonly symptoms: readonly string[]
  readonly investigation: readonly RunbookStep[]
  readonly resolution: readonly RunbookStep[]
  /** How long it takes to get well. */
  readonly recovery: string
}

export type Runbooks = Readonly<Record<string, Runbook>>

/** The runbooks of what is broken: whoever is woken needs no second command to read them. */
export function runbooksFor(verdicts: readonly CheckedVerdict[], all: Runbooks): Runbooks {
  const broken = verdicts.filter(({status}) => status === 'fail' || status === 'degraded')
  const named = new Set(broken.map(({runbook}) => runbook))
  return Object.fromEntries(Object.entries(all).filter(([id]) => named.has(id)))
}
