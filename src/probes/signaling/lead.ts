import {beginConversation} from '../../dialect/conversation.ts'
import type {Purpose} from '../../dialect/plan.ts'
import type {Target, Trace} from '../probe.ts'
import {converse, type Company} from './converse.ts'
import {frameLog} from './frame-log.ts'
import {openClients} from './open-clients.ts'
import type {SignalingOptions} from './options.ts'
import {prepare} from './prepare.ts'

export interface Leading extends Pick<Company, 'media' | 'call'> {
  readonly options: SignalingOptions
  readonly purpose: Purpose
}

/** Connects the clients that the dialect needs, leads the conversation that it describes, and closes what was opened. */
export async function lead({options, purpose, ...company}: Leading, target: Target, trace: Trace): Promise<void> {
  const {dialect, count, interval, roundTripTimeout, matchTimeout, stepTimeout} = options
  const settings = {
    count,
    intervalMs: interval,
    roundTripTimeoutMs: roundTripTimeout,
    matchTimeoutMs: matchTimeout,
    stepTimeoutMs: stepTimeout,
    values: {},
    purpose,
  }
  const begun = beginConversation(dialect, settings, {now: () => trace.now(), random: () => Math.random()})
  const log = frameLog(options, () => trace.now())
  if (speaksOnlyPing(dialect)) trace.fact('spoken', 'the handshake and ping frames, no messages')
  try {
    const state = await prepare({state: begun, options, log}, target, trace)
    const sessions = await openClients({state, options, log}, target, trace)
    try {
      await converse(state, {...company, sessions, log}, trace)
      trace.phase('leave')
    } finally {
      await Promise.all([...sessions.values()].map((session) => session.close()))
    }
  } finally {
    for (const [name, detail] of Object.entries(log.details())) trace.detail(name, detail)
  }
}

/** What a dialect cannot speak can still be reached and answers pings: whoever reads the report should know that it is no more. */
function speaksOnlyPing({roundTrip, open, match, handover}: SignalingOptions['dialect']): boolean {
  return roundTrip.kind === 'ping' && open.length === 0 && !match && !handover
}
