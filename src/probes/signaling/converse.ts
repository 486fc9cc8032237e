import type {Conversation, Input, Output} from '../../dialect/conversation-state.ts'
import {step, wakeAt} from '../../dialect/conversation.ts'
import {farewell} from '../../dialect/farewell.ts'
import type {Side} from '../../dialect/plan.ts'
import {toProbeFailure} from '../classify.ts'
import type {Trace} from '../probe.ts'
import {askMedia} from './ask-media.ts'
import {deadlineFailure, failureFrom} from './conversation-failure.ts'
import type {FrameLog} from './frame-log.ts'
import {hideSecrets} from './hide-secrets.ts'
import type {Media} from './media.ts'
import type {Sessions} from './open-clients.ts'

/** What a conversation is led with. */
export interface Company {
  readonly sessions: Sessions
  readonly log: FrameLog
  /** The peers of the clients. A conversation without a hand-over asks for none. */
  readonly media: (side: Side) => Media
  /** What happens between hand-over and leave, while signaling goes on. Its phases are its own. */
  readonly call?: () => Promise<void>
}

/** Drives a conversation over open sessions to its end. Timers are set for nothing but the conversation's own wishes. */
export function converse(begun: Conversation, company: Company, trace: Trace): Promise<void> {
  const {sessions, log, media, call = () => Promise.resolve()} = company
  return new Promise((resolve, reject) => {
    const tools = {now: () => trace.now(), random: () => Math.random()}
    let state = begun
    let timer: NodeJS.Timeout | undefined
    let over = false

    const finish = (error?: Error) => {
      if (over) return
      over = true
      clearTimeout(timer)
      trace.signal.removeEventListener('abort', onAbort)
      hideSecrets(state, trace)
      if (error) reject(error)
      else resolve()
    }
    const fail = (error: Error) => {
      if (!over) for (const output of farewell(state)) perform(output)
      finish(error)
    }
    const perform = (output: Output) => {
      switch (output.kind) {
        case 'send': {
          const session = sessions.get(output.side)
          if (!session || session.messages.error) return
          session.send(output.message)
          log.sent(output.side, output.message, trace.now())
          return
        }
        case 'describe':
        case 'accept':
        case 'add_candidate':
          askMedia(media(output.side), output).then((input) => input && feed(input), fail)
          return
        case 'stage':
          if (output.stage === 'call') call().then(() => feed({kind: 'hang_up'}), fail)
          else trace.phase(output.stage)
          return
        case 'event':
          trace.event(eventOf(output))
          return
        case 'request':
          return // made before there was a session
        case 'fact':
          trace.fact(output.name, output.value)
          return
        case 'failed':
          if (output.failure.code === 'stranger') trace.fact('matched_stranger', true)
          fail(failureFrom(output.failure))
          return
        case 'done':
          finish()
      }
    }
    const feed = (input: Input) => {
      if (over) return
      try {
        const stepped = step(state, input, tools)
        state = stepped.state
        log.moved(state)
        for (const output of stepped.outputs) perform(output)
        schedule()
      } catch (error) {
        finish(error as Error) // a bug of ours: thrown from a socket's event it would end the process
      }
    }
    const end = (side: Side, error: Error) => {
      const failure = toProbeFailure(error)
      if (failure) feed({kind: 'closed', side, code: failure.code, message: failure.message})
      else finish(error)
    }
    const schedule = () => {
      clearTimeout(timer)
      const at = wakeAt(state)
      if (over || at === undefined) return
      // Node's timers may be a fraction early: then the conversation asks again.
      timer = setTimeout(() => feed({kind: 'timer'}), Math.max(0, at - trace.now()))
    }
    const onAbort = () => fail(deadlineFailure(state, trace))

    if (begun.dialect.handover) {
      for (const side of sessions.keys()) {
        media(side).onCandidate((candidate) => feed({kind: 'candidate', side, candidate}))
      }
    }
    for (const [side, session] of sessions) {
      feed({kind: 'opened', side, values: session.values})
      session.messages.listen({
        item({message, at}) {
          log.received(side, message, at)
          feed({kind: 'received', side, message, at})
        },
        ended: (error) => end(side, error),
      })
    }
    if (trace.signal.aborted) onAbort()
    else trace.signal.addEventListener('abort', onAbort, {once: true})
  })
}

function eventOf({indicator, ok, value}: Extract<Output, {kind: 'event'}>): Parameters<Trace['event']>[0] {
  return {indicator, ok, ...(value !== undefined && {value})}
}
