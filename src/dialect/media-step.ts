import {candidateValues, UNREACHABLE, type Candidate} from './candidate.ts'
import {otherOf, type Conversation, type MediaOutput} from './conversation-state.ts'
import type {Values} from './conditions.ts'
import {asText} from './filters.ts'
import {nextStep, updateLane, type Progress} from './lane-state.ts'
import type {MediaStep, Side} from './plan.ts'
import {UnsetValue} from './template.ts'

/** Asks a client's peer for what the step needs, once, and goes on when it is there. */
export function runMediaStep(state: Conversation, side: Side, {step, now}: {step: MediaStep; now: number}): Progress {
  const peerless = state.settings.values.sdp !== undefined
  const {candidates} = state.clients[side]
  switch (step.media) {
    case 'accept': {
      const outputs = peerless ? [] : [{kind: 'accept', side, remote: remoteSdp(state, side)} as const]
      return {kind: 'on', state: next(state, side, {now}), outputs}
    }
    case 'candidate': {
      const found = candidates.find((one) => one !== null) ?? (peerless ? UNREACHABLE : undefined)
      if (!found) return {kind: 'waiting', state}
      return {kind: 'on', state: next(state, side, {now, values: candidateValues(found)})}
    }
    case 'offer':
    case 'answer': {
      if (peerless) return {kind: 'on', state: next(state, side, {now})}
      if (state.lanes[side].askedAt !== undefined) return {kind: 'waiting', state}
      const asked = updateLane(state, side, {lane: {...state.lanes[side], askedAt: now}})
      return {kind: 'waiting', state: asked, outputs: [question(state, side, step.media)]}
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
