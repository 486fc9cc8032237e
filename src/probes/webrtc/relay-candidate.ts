import {Candidate, candidateFoundation, candidatePriority, Event, StunOverTurnProtocol, type TurnProtocol} from 'werift'
import type {TransportAddress} from '../stun/message.ts'
import type {Allocation} from '../turn/allocation.ts'
import type {IceAgent} from './private-members.ts'

/**
 * Makes an allocation of ours a candidate of a peer. werift's own TURN client calls a wrong password a time-out,
 * changes from UDP to TCP in silence and never releases. Returns what cuts the peer off again.
 */
export function addRelay(agent: IceAgent, allocation: Allocation): () => void {
  const {turn, cut} = turnFacade(allocation)
  const protocol = new StunOverTurnProtocol(turn)
  agent.ensureProtocol(protocol)
  agent.protocols.push(protocol)
  protocol.localCandidate = relayCandidate(agent, allocation)
  agent.pairLocalProtocol(protocol)
  agent.appendLocalCandidate(protocol.localCandidate)
  return cut
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
  allocation.onData((data, {address, port}) => {
    if (open) onData.execute(data, [address, port])
  })
  const facade = {
    onData,
    transactions: {},
    sendData: (data: Buffer, [address, port]: readonly [string, number]) => {
      const peer: TransportAddress = {address, port}
      if (open) allocation.send(peer, data)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  return {turn: facade as unknown as TurnProtocol, cut: () => void (open = false)}
}
