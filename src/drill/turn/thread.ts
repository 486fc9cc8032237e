import {parentPort, workerData} from 'node:worker_threads'
import {measures} from '../../load/measures.ts'
import {Recorder} from './recorder.ts'
import {newHistogram} from './recording.ts'
import {Session} from './session.ts'
import {cyclic} from './timetable.ts'
import type {FromThread, ThreadData, Told, ToThread} from './messages.ts'

/** The program of one thread of the load: holds its share of the calls from the begin until all have ended. */
const {workload, server, index, of} = workerData as ThreadData
const {relays, phases, bounds} = workload
if (!relays) throw new Error('expected a load of relays, got none')
const TICK_MS = 1

const stop = new AbortController()
const recorder = new Recorder(phases, bounds)
let beginAt = 0
const now = () => performance.timeOrigin + performance.now() - beginAt
const settings = {server, load: relays, phases, recorder, now, stop: stop.signal}
const own = Array.from({length: relays.calls}, (_, call) => call).filter((call) => call % of === index)
const sessions = own.map((call) => ({index: call, item: new Session(call, settings)}))
const due = cyclic(sessions, relays.intervalMs)

const tell = (message: FromThread) => parentPort?.postMessage(message)
const told = (): Told => {
  const {counters, tallies, trends, failures} = recorder
  return {recording: {counters, tallies, trends}, failures}
}

parentPort?.on('message', (message: ToThread) => {
  if (message.say === 'stop') stop.abort(new Error('the load is over'))
  else void run(message.at)
})
tell({say: 'ready'})

async function run(at: number): Promise<void> {
  beginAt = at
  recorder.count(measures.started)
  let second = 1
  const tick = () => {
    const nowMs = now()
    if (nowMs >= 0) {
      const marks = recorder.marksAt(nowMs)
      due(nowMs, (session, dueMs) =>
        session.slot(dueMs, nowMs, dueMs < nowMs - TICK_MS ? recorder.marksAt(dueMs) : marks),
      )
    }
    for (; nowMs >= second * 1000; second++) {
      const {secondRtt} = recorder
      recorder.secondRtt = newHistogram()
      tell({say: 'second', second, rtt: secondRtt, ...told()})
    }
    timer = setTimeout(tick, TICK_MS)
  }
  let timer = setTimeout(tick, Math.max(0, -now()))
  await Promise.all(sessions.map(({item}) => item.hold()))
  clearTimeout(timer)
  tell({say: 'done', ...told()})
  parentPort?.close()
}
