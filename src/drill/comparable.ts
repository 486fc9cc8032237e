import {createHash} from 'node:crypto'
import {promDuration} from '../core/duration.ts'
import {redactJson} from '../core/redact.ts'
import type {LoadPhase} from '../load/curve.ts'
import type {Workload} from '../load/workload.ts'

export interface Comparable {
  readonly workloadHash: string
  /** Its parts by name, short ones as text, else a digest: enough to say what differs. */
  readonly workload: Readonly<Record<string, string>>
}

/**
 * What two drills must have in common to be compared. The target, what names a run and what authorizes it are left out:
 * staging may be held against production, and a token may have changed.
 */
export function comparableOf({certificate: _, ...workload}: Workload, secrets: readonly string[]): Comparable {
  const {sockets, requests, relays, ...rest} = redactJson(workload, secrets)
  const load = {
    ...rest,
    ...(relays && {relays}),
    ...(sockets && {sockets: {...sockets, url: '', headers: {}, payload: null}}),
    ...(requests && {requests: {...requests, list: requests.list.map((one) => ({...one, url: '', headers: {}}))}}),
  }
  const parts = {
    ...partsOf(rest),
    ...(load.sockets && partsOf(load.sockets, 'sockets.')),
    ...(load.requests && partsOf(load.requests, 'requests.')),
    ...(relays && partsOf(relays, 'relays.')),
    phases: rest.phases.map(phaseText).join(', '),
  }
  return {workloadHash: digest(load), workload: parts}
}

function partsOf(load: object, prefix = ''): Record<string, string> {
  const entries = Object.entries(load as Readonly<Record<string, unknown>>).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return Object.fromEntries(
    entries.map(([name, value]) => [`${prefix}${name}`, isShort(value) ? String(value) : digest(value)]),
  )
}

function isShort(value: unknown): value is string | number | boolean {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= 80)
}

function phaseText({name, startMs, endMs, to, judged}: LoadPhase): string {
  const share = Math.round(to * 1000) / 10
  return `${name} ${promDuration(endMs - startMs)} to ${share} %${judged ? ' judged' : ''}`
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
