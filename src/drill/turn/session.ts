import {ProbeFailure} from '../../core/errors.ts'
import {blameOf} from '../../core/failure.ts'
import {shareOfSession, windowsAbove, type LoadPhase, type Window} from '../../load/curve.ts'
import {measures} from '../../load/measures.ts'
import {relayMeasures} from '../../load/relay-measures.ts'
import type {RelayLoad} from '../../load/workload.ts'
import {failureOf} from '../../probes/classify.ts'
import {pause} from '../../probes/turn/pause.ts'
import {openCall, renew, type Call, type CallStage, type RelayServer} from './call.ts'
import {Conversation} from './conversation.ts'
import type {PhaseMarks, Recorder} from './recorder.ts'

export interface SessionSettings {
  readonly server: RelayServer
  readonly load: RelayLoad
  readonly phases: readonly LoadPhase[]
  readonly recorder: Recorder
  /** Milliseconds since the drill began. */
  readonly now: () => number
  /** Ends every session: each gives back what it holds. */
  readonly stop: AbortSignal
}

const LOOK_MS = 1000
const ENDS = 2

/** One place in the load: a call while the load is high enough for it, set up anew when it has had its time or failed. */
export class Session {
  readonly #settings: SessionSettings
  readonly #windows: readonly Window[]
  #conversation: Conversation | undefined
  /** Why there is no call though one is due: the server's doing, or none that is known of. */
  #isRefused = false

  constructor(index: number, settings: SessionSettings) {
    this.#settings = settings
    this.#windows = windowsAbove(settings.phases, shareOfSession(index, settings.load.calls))
  }

  /** A packet of the timetable is due. One that no call can carry as the server refused or dropped it is a lost one. */
  slot(dueMs: number, nowMs: number, marks: PhaseMarks): void {
    const {recorder, load} = this.#settings
    this.#conversation?.sweep(nowMs)
    if (!this.#windows.some(({openMs, closeMs}) => dueMs >= openMs && dueMs < closeMs - load.lostAfterMs)) return
    marks.carried.total++
    if (this.#conversation) {
      marks.carried.good++
      recorder.late(nowMs - dueMs, marks)
      this.#conversation.send(nowMs, marks)
    } else if (this.#isRefused) recorder.packet(undefined, marks)
  }

  /** Resolves when the last window has closed, or after a stop; nothing is left allocated then. */
  async hold(): Promise<void> {
    const {now, stop} = this.#settings
    for (const {openMs, closeMs} of this.#windows) {
      await pause(openMs - now(), stop)
      await this.#holdUntil(closeMs - this.#settings.load.lostAfterMs)
    }
  }

  async #holdUntil(untilMs: number): Promise<void> {
    const {now, stop, load} = this.#settings
    let failures = 0
    while (now() < untilMs && !stop.aborted) {
      const failed = await this.#oneCall(untilMs)
      failures = failed ? failures + 1 : 0
      if (failed) await pause(Math.min(load.retryMs * 2 ** (failures - 1), load.longestRetryMs, untilMs - now()), stop)
    }
    this.#isRefused = false
  }

  /** Whether it failed. */
  async #oneCall(untilMs: number): Promise<boolean> {
    const {recorder, now, load} = this.#settings
    const begunMs = now()
    const call = await this.#open()
    if (!call) return true
    recorder.count(measures.open, ENDS)
    recorder.trend(`${measures.readyMs}{phase:${recorder.marksAt(now()).tag}}`, now() - begunMs)
    const over = new AbortController()
    for (const end of [call.near, call.far]) end.onEnd((reason) => over.abort(reason))
    const failure = await this.#converse(call, Math.min(begunMs + load.lifeMs, untilMs), over)
    await call.release()
    recorder.count(measures.open, -ENDS)
    if (failure) this.#tellFailure(failure)
    return failure !== undefined
  }

  async #open(): Promise<Call | undefined> {
    const {server, load, stop, recorder, now} = this.#settings
    const deadline = new AbortController()
    const timer = setTimeout(
      () => deadline.abort(new ProbeFailure('timeout', 'the call was not set up in time')),
      load.setUpTimeoutMs,
    )
    const onStop = () => deadline.abort(stop.reason)
    stop.addEventListener('abort', onStop, {once: true})
    let owed = ENDS
    try {
      const call = await openCall(
        server,
        {
          reached: (stage, ends) => recorder.count(funnel[stage], ends),
          allocated: (ms) => {
            owed--
            const marks = recorder.marksAt(now())
            recorder.event('turn_allocation', ms, marks)
            recorder.trend(`${measures.connectMs}{phase:${marks.tag}}`, ms)
          },
        },
        deadline.signal,
      )
      recorder.tally(`${measures.connectOk}{phase:${recorder.marksAt(now()).tag}}`, true)
      this.#isRefused = false
      return call
    } catch (error) {
      this.#tellFailedSetUp(error, owed)
      return undefined
    } finally {
      clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
    }
  }

  /** What ended it before its time, if something did. */
  async #converse(call: Call, untilMs: number, over: AbortController): Promise<unknown> {
    const {recorder, load, now, stop} = this.#settings
    let first = true
    const conversation = new Conversation(call, load, {
      now,
      returned: (rttMs, marks) => {
        if (first) recorder.count(relayMeasures.echoed, ENDS)
        first = false
        recorder.packet(rttMs, marks)
      },
      lost: (marks) => recorder.packet(undefined, marks),
    })
    this.#conversation = conversation
    const until = AbortSignal.any([over.signal, stop])
    try {
      let renewMs = now() + load.renewMs
      while (now() < untilMs && !until.aborted) {
        await pause(Math.min(LOOK_MS, untilMs - now()), until)
        this.#tellJitter(conversation)
        const lapse = call.near.lapse ?? call.far.lapse
        if (lapse) return lapse
        if (now() >= renewMs) {
          renewMs += load.renewMs
          await renew(call)
        }
      }
    } catch (error) {
      return error
    } finally {
      this.#conversation = undefined
    }
    await this.#drain(conversation, until)
    return over.signal.aborted && !stop.aborted ? (over.signal.reason as unknown) : undefined
  }

  /** The last packets may still come back. */
  async #drain(conversation: Conversation, until: AbortSignal): Promise<void> {
    const {now, load} = this.#settings
    const limitMs = now() + load.lostAfterMs
    while (conversation.pending > 0 && now() < limitMs && !until.aborted) await pause(5, until)
    conversation.sweep(Infinity)
    this.#tellJitter(conversation)
  }

  #tellJitter(conversation: Conversation): void {
    const {recorder, now} = this.#settings
    const jitterMs = conversation.jitterMs()
    if (jitterMs !== undefined)
      recorder.trend(`${relayMeasures.jitterMs}{phase:${recorder.marksAt(now()).tag}}`, jitterMs)
  }

  #tellFailedSetUp(error: unknown, owed: number): void {
    const {recorder, now, stop} = this.#settings
    if (stop.aborted) return
    const marks = recorder.marksAt(now())
    recorder.tally(`${measures.connectOk}{phase:${marks.tag}}`, false)
    recorder.count(measures.connectsFailed)
    this.#tellFailure(error)
    if (this.#isRefused && owed > 0) recorder.event('turn_allocation', undefined, marks)
  }

  #tellFailure(error: unknown): void {
    const {code, message} = failureOf(error, 'call')
    this.#isRefused = blameOf(code) === 'target'
    this.#settings.recorder.failure(code, message)
  }
}

const funnel: Readonly<Record<CallStage, string>> = {
  dial: measures.dialled,
  connect: relayMeasures.connected,
  challenge: relayMeasures.challenged,
  allocate: relayMeasures.allocated,
  permission: relayMeasures.permitted,
  channel: relayMeasures.bound,
}
