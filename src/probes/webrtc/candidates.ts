import type {RTCPeerConnection} from 'werift'
import type {TransportAddress} from '../stun/message.ts'
import type {Allocation} from '../turn/allocation.ts'
import type {Flights} from './flights.ts'
import {iceAgentOf} from './private-members.ts'
import {addRelay} from './relay-candidate.ts'

/** Where a peer's candidates come from. */
export interface CandidateSources {
  /** Addresses of this machine. Those of the loopback interface are named: engines leave them out. */
  readonly host?: {readonly loopback: readonly string[]}
  /** Tells each host address as the world sees it. */
  readonly stun?: TransportAddress
  readonly relay?: Allocation
}

export interface GatheredCandidate {
  readonly type: string
  readonly address: string
  readonly port: number
  /** From the beginning of the gathering; for a relay, from that of its allocation. */
  readonly ms: number
}

/** A STUN server that is silent shall not hold up a call. */
const STUN_TIMEOUT_S = 1
/** Rc of RFC 8489, section 6.2.1. werift gives a pair up after 5. */
const CHECKS = 7

export interface GatherPlan {
  readonly sources: CandidateSources
  readonly flights: Flights
  readonly now: () => number
  readonly onCandidate: (candidate: GatheredCandidate) => void
}

/**
 * Says what a peer may gather, and puts its handshake's flights on every path. To be called when the peer has its
 * transport, and before it gathers. Returns what cuts it off from its relay.
 */
export function gatherFrom(peer: RTCPeerConnection, {sources, flights, now, onCandidate}: GatherPlan): () => void {
  const agent = iceAgentOf(peer)
  const {host, stun, relay} = sources
  let cut = () => {}
  let startedAt = now()

  agent.stunServer = stun && [stun.address, stun.port]
  const ownCandidates = agent.getCandidatePromises.bind(agent)
  agent.getCandidatePromises = (addresses) => {
    startedAt = now()
    if (relay) cut = addRelay(agent, relay)
    return host ? ownCandidates(addresses, STUN_TIMEOUT_S) : []
  }
  const optionsOfCheck = agent.checkRequestOptions.bind(agent)
  agent.checkRequestOptions = (pair) => ({...optionsOfCheck(pair), retransmissions: CHECKS - 1})
  const append = agent.appendLocalCandidate.bind(agent)
  agent.appendLocalCandidate = (candidate) => {
    const {type, host: address, port} = candidate
    const ms = type === 'relay' && relay ? relay.allocatedInMs : now() - startedAt
    onCandidate({type, address, port, ms})
    append(candidate)
  }
  const ensure = agent.ensureProtocol.bind(agent)
  agent.ensureProtocol = (path) => {
    const send = path.sendData.bind(path)
    path.sendData = (data, to) => {
      flights.send(data, (datagram) => void send(datagram, to).catch(() => {})) // as lost as one that the network lost
      return Promise.resolve()
    }
    const deliver = path.onDataReceived.execute.bind(path.onDataReceived)
    path.onDataReceived.execute = (data) => {
      const heard = agent.onData.length > 0 // before its DTLS is ready werift drops what arrives
      if (heard && flights.admit(data)) deliver(data)
    }
    ensure(path)
  }
  return () => cut()
}
