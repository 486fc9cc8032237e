import {beginConversation} from '../../dialect/conversation.ts'
import type {Attempt} from '../probe.ts'
import {converse} from './converse.ts'
import {frameLog} from './frame-log.ts'
import {openClients} from './open-clients.ts'
import type {SignalingOptions} from './options.ts'
import {SDP} from './sdp.ts'

/** Connects the clients that the dialect needs, and leads the conversation that it describes. */
export const signaling: Attempt<SignalingOptions> = async (target, options, trace) => {
  const {dialect, count, interval, roundTripTimeout, matchTimeout, stepTimeout} = options
  const settings = {
    count,
    intervalMs: interval,
    roundTripTimeoutMs: roundTripTimeout,
    matchTimeoutMs: matchTimeout,
    stepTimeoutMs: stepTimeout,
    values: {sdp: SDP},
  }
  const state = beginConversation(dialect, settings, {now: () => trace.now(), random: () => Math.random()})
  const log = frameLog(options.frames, trace.now())
  const sessions = await openClients({state, options}, target, trace)
  try {
    await converse(state, {sessions, log}, trace)
    trace.phase('leave')
  } finally {
    if (options.frames) trace.detail('frames', log.entries)
    await Promise.all([...sessions.values()].map((session) => session.close()))
  }
}
