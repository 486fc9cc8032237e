import type {Candidate, CandidatePair} from 'werift'
import type {Json} from '../../core/json.ts'
import type {Trace} from '../probe.ts'
import {hostPort} from '../stun/uri.ts'
import type {Ends} from './ends.ts'

/** CandidatePairState of RFC 8445, section 6.1.2.6, in werift's order. */
const states = ['frozen', 'waiting', 'in progress', 'succeeded', 'failed'] as const

/** What both ends gathered, and what became of the pairs: the figures as facts, all of it as details. */
export function tellPairs({near, far}: Ends, trace: Trace): void {
  const gathered = [
    ...near.candidates.map((one) => ({end: 'near', ...one})),
    ...far.candidates.map((one) => ({end: 'far', ...one})),
  ]
  trace.detail('candidates', gathered)
  trace.detail('candidate_pairs', pairsOf({near, far}).map(pairDetail))
  const types = [...new Set(near.candidates.map(({type}) => type))]
  trace.fact('candidate_types', types.join(' '))
  for (const type of types) {
    const first = Math.min(...near.candidates.filter((one) => one.type === type).map(({ms}) => ms))
    trace.fact(`candidate_${type}_ms`, Math.round(first * 1000) / 1000)
  }
  const selected = near.selectedPair
  if (!selected) return
  const {localCandidate: local, remoteCandidate: remote} = selected
  trace.fact('candidate_type_local', local.type)
  trace.fact('candidate_type_remote', remote.type)
  trace.fact('relayed', local.type === 'relay' || remote.type === 'relay')
  trace.fact('selected_pair', `${addressOf(local)} → ${addressOf(remote)}`)
}

/** "127.0.0.1:50001 → 127.0.0.1:50002 in progress (7 checks, 0 answers)", for each pair. */
export function describePairs(ends: Ends): string {
  const pairs = pairsOf(ends)
  return pairs.length === 0 ? 'there is none' : pairs.map(describe).join(', ')
}

function pairsOf({near, far}: Ends): CandidatePair[] {
  return [...near.pairs, ...far.pairs]
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
