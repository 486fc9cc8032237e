import {
  Candidate,
  candidateFoundation,
  candidatePriority,
  Event,
  StunOverTurnProtocol,
  type RTCPeerConnection,
  type TurnProtocol,
} from 'werift'
import type {TransportAddress} from '../stun/message.ts'
import type {Allocation} from '../turn/allocation.ts'
import {coalesceHandshake} from './coalesce-handshake.ts'

/** Members of werift's ICE agent that are not its interface. They are why its version is pinned; a test names each. */
interface IceAgent {
  generation: number
  localUsername: string
  getCandidatePromises: (addresses: readonly string[]) => Promise<void>[]
  protocols: StunOverTurnProtocol[]
  ensureProtocol(protocol: StunOverTurnProtocol): void
  pairLocalProtocol(protocol: StunOverTurnProtocol): void
  appendLocalCandidate(candidate: Candidate): void
}

/** Each of them, and what it is. */
export const privateMembers = {
  generation: 'number',
  localUsername: 'string',
  getCandidatePromises: 'function',
  protocols: 'object',
  ensureProtocol: 'function',
  pairLocalProtocol: 'function',
  appendLocalCandidate: 'function',
} as const satisfies Record<keyof IceAgent, string>

/**
 * Makes an allocation of ours the one and only candidate of a peer. werift's own TURN client calls a wrong password a
 * time-out, changes from UDP to TCP in silence and never releases. To be called when the peer has its transport, and
 * before it gathers. Returns what cuts the peer off again.
 */
export function useRelay(peer: RTCPeerConnection, allocation: Allocation): () => void {
  const agent = iceAgentOf(peer)
  const {turn, cut} = turnFacade(allocation)
  agent.getCandidatePromises = () => {
    const protocol = new StunOverTurnProtocol(turn)
    agent.ensureProtocol(protocol)
    agent.protocols.push(protocol)
    protocol.localCandidate = relayCandidate(agent, allocation)
    agent.pairLocalProtocol(protocol)
    agent.appendLocalCandidate(protocol.localCandidate)
    return []
  }
  return cut
}

/** Throws where this werift is not the one that this file was written for. */
export function iceAgentOf(peer: RTCPeerConnection): IceAgent {
  const agent = peer.iceTransports[0]?.connection as unknown as IceAgent | undefined
  if (!agent) throw new Error('the peer has no ICE transport yet')
  const names = Object.keys(privateMembers) as (keyof IceAgent)[]
  const missing = names.filter((name) => typeof agent[name] !== privateMembers[name])
  if (missing.length > 0) throw new Error(`werift has changed: its ICE agent has no ${missing.join(', ')}`)
  return agent
}

function relayCandidate({generation, localUsername}: IceAgent, {relayed, mapped}: Allocation): Candidate {
  const related = mapped ?? {address: '0.0.0.0', port: 9} // unknown (RFC 8839, section 5.1)
  return new Candidate(
    candidateFoundation('relay', 'udp', relayed.address),
    1,
    'udp',
    candidatePriority('relay'),
    relayed.address,
    relayed.port,
    'relay',
    related.address,
    related.port,
    undefined,
    generation,
    localUsername,
  )
}

/** As much of werift's TURN client as its `StunOverTurnProtocol` touches. */
function turnFacade(allocation: Allocation): {turn: TurnProtocol; cut: () => void} {
  const onData = new Event<[Buffer, readonly [string, number]]>()
  let open = true
  const send = coalesceHandshake<TransportAddress>((peer, datagram) => {
    if (open) allocation.send(peer, datagram)
  })
  allocation.onData((data, {address, port}) => {
    if (open) onData.execute(data, [address, port])
  })
  const facade = {
    onData,
    transactions: {},
    sendData: (data: Buffer, [address, port]: readonly [string, number]) => {
      send({address, port}, data)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  return {turn: facade as unknown as TurnProtocol, cut: () => void (open = false)}
}
