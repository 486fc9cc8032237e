import {candidateValues, UNREACHABLE, type Candidate} from './candidate.ts'
import {otherOf, type Conversation, type MediaOutput} from './conversation-state.ts'
import type {Values} from './expectation.ts'
import {nextStep, updateLane} from './lane-state.ts'
import type {MediaStep, Side} from './plan.ts'
import {asText, UnsetValue} from './template.ts'

interface MediaRun {
  readonly state: Conversation
  readonly outputs: readonly MediaOutput[]
  /** For what the client's peer was asked for. */
  readonly waiting: boolean
}

/** Asks a client's peer for what the step needs, once, and goes on when it is there. */
export function runMediaStep(state: Conversation, side: Side, {step, now}: {step: MediaStep; now: number}): MediaRun {
  const peerless = state.settings.values.sdp !== undefined
  const {candidates} = state.clients[side]
  switch (step.media) {
    case 'accept': {
      const outputs = peerless ? [] : [{kind: 'accept', side, remote: remoteSdp(state, side)} as const]
      return {state: next(state, side, {now}), outputs, waiting: false}
    }
    case 'candidate': {
      const [found = peerless ? UNREACHABLE : undefined] = candidates
      if (!found) return {state, outputs: [], waiting: true}
      return {state: next(state, side, {now, values: candidateValues(found)}), outputs: [], waiting: false}
    }
    case 'offer':
    case 'answer': {
      if (peerless) return {state: next(state, side, {now}), outputs: [], waiting: false}
      if (state.lanes[side].askedAt !== undefined) return {state, outputs: [], waiting: true}
      const asked = updateLane(state, side, {lane: {...state.lanes[side], askedAt: now}})
      return {state: asked, outputs: [question(state, side, step.media)], waiting: true}
    }
  }
}

/** The peer has described itself: `{sdp}` has a value, and the client goes on. */
export function described(state: Conversation, side: Side, {sdp, now}: {sdp: string; now: number}): Conversation {
  const {askedAt} = state.lanes[side]
  return askedAt === undefined ? state : next(state, side, {now, values: {sdp}, describedMs: now - askedAt})
}

/** Keeps a candidate that a client's peer has found until it can be sent. */
export function keepCandidate(state: Conversation, side: Side, candidate: Candidate | null): Conversation {
  const client = state.clients[side]
  return {
    ...state,
    clients: {...state.clients, [side]: {...client, candidates: [...client.candidates, candidate]}},
  }
}

function question(state: Conversation, side: Side, what: 'offer' | 'answer'): MediaOutput {
  const trickle = state.dialect.handover?.candidate !== undefined
  if (what === 'offer') return {kind: 'describe', side, what, trickle}
  return {kind: 'describe', side, what, trickle, remote: remoteSdp(state, side)}
}

/** What came from the other end. Where the dialect does not take it, what our other client has sent. */
function remoteSdp({clients}: Conversation, side: Side): string {
  const remote = clients[side].values.remote_sdp ?? clients[otherOf(side)].values.sdp
  if (remote === undefined) throw new UnsetValue('remote_sdp')
  return asText(remote)
}

function next(
  state: Conversation,
  side: Side,
  {now, values, describedMs}: {now: number; values?: Values; describedMs?: number},
): Conversation {
  const client = state.clients[side]
  return updateLane(state, side, {
    lane: nextStep(state.lanes[side], now, describedMs === undefined ? {} : {describedMs}),
    client: {...client, values: {...client.values, ...values}},
  })
}
