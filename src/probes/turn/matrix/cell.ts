import type {Failure} from '../../../core/failure.ts'
import type {Protocol} from '../../stun/uri.ts'

/** One way to a TURN server, and how it went: a row of the grid. */
export interface Cell {
  /** As it was given. */
  readonly uri: string
  readonly transport: Protocol
  /** Address and port that were dialled; the host where its name could not be resolved. */
  readonly server: string
  readonly port: number
  readonly ip_version?: 4 | 6
  readonly outcome: Worked | Failed
}

interface Worked {
  readonly works: true
  /** From the first request to the allocation, the challenge included. */
  readonly allocation_ms: number
  readonly relayed_address: string
  readonly mapped_address?: string
  /** An IPv6 relay, or why there is none. */
  readonly ipv6_relay: string
}

interface Failed {
  readonly works: false
  readonly failure: Failure
}

/** Whether a TURN or STUN server was met at the other end, be it one that refuses us. */
export function isAnswered({outcome}: Cell): boolean {
  if (outcome.works) return true
  const {code, phase} = outcome.failure
  return /^(turn|stun)_/.test(code) || (code === 'unsupported' && phase === 'challenge')
}
