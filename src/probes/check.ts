import type {Target} from './probe.ts'

/** One probe with its options on one target, with a name. A profile and a config together give a list of these. */
export interface Check {
  /** Unique in a run together with the target: a fleet gives one check a target each under one name. */
  readonly name: string
  /** A name of the registry. */
  readonly probe: string
  readonly target: Target
  /** As the probe's schema gave them. */
  readonly options: unknown
  /** How often the attempt is made. */
  readonly attempts: number
  /** How many attempts are made at a time: one after the other, if nothing is said. */
  readonly concurrency?: number
  /** From the start of one attempt to the start of the next; with more than one at a time, of as many. */
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Names of checks that must succeed first; a failed one blocks this. */
  readonly needs: readonly string[]
  readonly tags: readonly string[]
  readonly runbook?: string
}
