import type {Candidate, CandidatePair} from 'werift'
import type {Json} from '../../core/json.ts'
import type {Trace} from '../probe.ts'
import {hostPort} from '../stun/uri.ts'
import type {Peers} from './peers.ts'

/** CandidatePairState of RFC 8445, section 6.1.2.6, in werift's order. */
const states = ['frozen', 'waiting', 'in progress', 'succeeded', 'failed'] as const

/** What became of the candidate pairs: the selected one as facts, all of them as a detail. */
export function tellPairs({selectedPair, pairs}: Peers, trace: Trace): void {
  trace.detail('candidate_pairs', pairs.map(pairDetail))
  if (!selectedPair) return
  const {localCandidate: local, remoteCandidate: remote} = selectedPair
  trace.fact('candidate_type_local', local.type)
  trace.fact('candidate_type_remote', remote.type)
  trace.fact('relayed', local.type === 'relay')
  trace.fact('selected_pair', `${addressOf(local)} → ${addressOf(remote)}`)
}

/** "127.0.0.1:50001 → 127.0.0.1:50002 in progress (7 checks, 0 answers)", for each pair. */
export function describePairs({pairs}: Peers): string {
  if (pairs.length === 0) return 'there is none'
  return pairs.map(describe).join(', ')
}

function describe(pair: CandidatePair): string {
  const counts = `${pair.requestsSent} checks, ${pair.responsesReceived} answers`
  return `${addressOf(pair.localCandidate)} → ${addressOf(pair.remoteCandidate)} ${states[pair.state]} (${counts})`
}

function pairDetail(pair: CandidatePair): Json {
  return {
    local: addressOf(pair.localCandidate),
    remote: addressOf(pair.remoteCandidate),
    state: states[pair.state],
    nominated: pair.nominated,
    checks_sent: pair.requestsSent,
    answers_received: pair.responsesReceived,
    checks_received: pair.requestsReceived,
  }
}

function addressOf({host, port}: Candidate): string {
  return hostPort(host, port)
}
