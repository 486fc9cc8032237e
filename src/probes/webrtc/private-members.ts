import type {Candidate, CandidatePair, RTCPeerConnection, StunOverTurnProtocol} from 'werift'

/** Datagrams to and from one address of ours: werift's own sockets, or a relay's. */
export interface Path {
  localCandidate?: Candidate
  sendData(data: Buffer, to: readonly [string, number]): Promise<void>
  readonly onDataReceived: {execute(data: Buffer): void}
}

/** Members of werift's ICE agent that are not its interface. */
export interface IceAgent {
  generation: number
  localUsername: string
  stunServer: readonly [string, number] | undefined
  protocols: Path[]
  readonly onData: {readonly length: number}
  getCandidatePromises: (addresses: readonly string[], timeoutS?: number) => Promise<unknown>[]
  ensureProtocol: (path: Path) => void
  pairLocalProtocol: (path: StunOverTurnProtocol) => void
  appendLocalCandidate: (candidate: Candidate) => void
  checkRequestOptions: (pair: CandidatePair) => {readonly retransmissions: number}
}

/** Members of werift's SCTP association that are not its interface. Seconds. */
export interface SctpAssociation {
  rto: number
  updateRto: (roundTripS: number) => void
}

/**
 * Every private member of werift that this folder leans on, and what it is: the reason why its version is pinned. A
 * test names each of them.
 */
export const privateMembers = {
  'ICE agent': {
    generation: 'number',
    localUsername: 'string',
    stunServer: 'object',
    protocols: 'object',
    onData: 'object',
    getCandidatePromises: 'function',
    ensureProtocol: 'function',
    pairLocalProtocol: 'function',
    appendLocalCandidate: 'function',
    checkRequestOptions: 'function',
  } satisfies Record<keyof IceAgent, string>,
  'SCTP association': {
    rto: 'number',
    updateRto: 'function',
  } satisfies Record<keyof SctpAssociation, string>,
} as const

/** Throws where this werift is not the one that this folder was written for. To be called before it gathers. */
export function iceAgentOf(peer: RTCPeerConnection): IceAgent {
  return known('ICE agent', peer.iceTransports[0]?.connection) as IceAgent
}

export function sctpOf(peer: RTCPeerConnection): SctpAssociation {
  return known('SCTP association', peer.sctpTransport?.sctp) as SctpAssociation
}

function known(part: keyof typeof privateMembers, found: object | undefined): unknown {
  if (!found) throw new Error(`the peer has no ${part} yet`)
  const members = found as Readonly<Record<string, unknown>>
  const expected: Readonly<Record<string, string>> = privateMembers[part]
  const missing = Object.keys(expected).filter((name) => typeof members[name] !== expected[name])
  if (missing.length > 0) throw new Error(`werift has changed: its ${part} has no ${missing.join(', ')}`)
  return found
}
