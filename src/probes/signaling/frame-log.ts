import type {Json} from '../../core/json.ts'
import {beginning} from '../../dialect/beginning.ts'
import type {Conversation, HttpRequest} from '../../dialect/conversation-state.ts'
import type {Received, Sent} from '../../dialect/message.ts'
import type {Side} from '../../dialect/plan.ts'
import {progressed, walkOf, type Progress} from '../../dialect/walk.ts'
import type {Wire} from '../probe.ts'
import type {SignalingOptions} from './options.ts'

/** What both clients said, heard and got through, with times: what "what did it say?" is answered by. */
export interface FrameLog {
  /** A request before there was a connection. */
  asked(side: Side, request: HttpRequest, at: number): void
  sent(side: Side, message: Sent, at: number): void
  received(side: Side, message: Received, at: number): void
  /** The conversation has gone on. */
  moved(state: Conversation): void
  /** Takes the frames of one client, where they are asked for. */
  wire(side: Side): Wire | undefined
  /** What was asked for, by name. Times are in milliseconds since the log began. */
  details(): Readonly<Record<string, Json>>
}

/** Longest log that is kept, of each kind. */
const ENTRIES = 1000
/** Longest frame of which all is kept, in characters. */
const LONGEST = 65_536

type Wishes = Pick<SignalingOptions, 'frames' | 'trace' | 'client'>

export function frameLog({frames, trace, client: official}: Wishes, now: () => number): FrameLog {
  const startedAt = now()
  const messages: Json[] = []
  const onWire: Json[] = []
  let progress: Progress = new Map()
  let current: Conversation | undefined
  const add = (list: Json[], entry: Readonly<Record<string, Json>>, at: number) => {
    if (list.length < ENTRIES) list.push({ms: at - startedAt, ...entry})
  }
  const keep = (direction: string, message: Sent | Received, {client, at}: {client: Side; at: number}) => {
    if (frames) add(messages, {client, direction, ...message}, at)
    // The official client shows no frames: its messages are the next best.
    if (trace && official === 'official') {
      add(onWire, {client, direction, kind: 'text', data: JSON.stringify(message)}, at)
    }
  }
  return {
    asked(client, request, at) {
      if (frames) add(messages, {client, direction: 'sent', kind: 'request', ...request}, at)
    },
    sent: (side, message, at) => keep('sent', message, {client: side, at}),
    received: (side, message, at) => keep('received', message, {client: side, at}),
    moved(state) {
      if (!trace) return
      const isFurther = state.at !== current?.at || state.lanes !== current.lanes
      if (isFurther) progress = progressed(progress, state, now())
      current = state
    },
    wire: (client) =>
      trace ? ({data, ...frame}) => add(onWire, {client, ...frame, data: beginning(data, LONGEST)}, now()) : undefined,
    details: () => ({
      ...(frames && {frames: messages}),
      ...(trace && {trace: onWire, steps: current ? steps(current, progress, startedAt) : []}),
    }),
  }
}

function steps(state: Conversation, progress: Progress, startedAt: number): Json {
  return walkOf(state, progress).map(({at, came, ...step}) => ({
    ...step,
    ...(at !== undefined && {ms: at - startedAt}),
    ...(came && {came}),
  }))
}
