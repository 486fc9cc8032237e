import type {Json} from '../core/json.ts'
import type {Values} from './conditions.ts'

/** An ICE candidate as signaling carries it (RFC 8840): the text after `a=`, and the section of the description it belongs to. */
export interface Candidate {
  readonly candidate: string
  readonly mid: string | null
  readonly mLine: number | null
}

/** A candidate that nobody answers at: the documentation's address (RFC 5737), for a client that has no peer behind it. */
export const UNREACHABLE: Candidate = {
  candidate: 'candidate:1 1 udp 2113937151 192.0.2.1 9 typ host',
  mid: '0',
  mLine: 0,
}

/** What templates call the parts of a candidate of ours. */
export function candidateValues({candidate, mid, mLine}: Candidate): Values {
  return {candidate, mid, mline: mLine}
}

/** The other end's candidate among what an expectation took, or undefined where it took none. */
export function remoteCandidate({remote_candidate, remote_mid, remote_mline}: Values): Candidate | undefined {
  if (typeof remote_candidate !== 'string') return undefined
  return {candidate: remote_candidate, mid: textOrNull(remote_mid), mLine: numberOrNull(remote_mline)}
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}
