import {Worker} from 'node:worker_threads'
import type {Workload} from '../../load/workload.ts'
import {ourProgram} from '../../probes/package-files.ts'
import type {RelayServer} from './call.ts'
import type {FromThread, ThreadData, Told, ToThread} from './messages.ts'

export interface ThreadsSettings {
  readonly server: RelayServer
  readonly workload: Workload
  readonly count: number
  /** Hears every second of every thread. */
  readonly onSecond: (index: number, told: Extract<FromThread, {say: 'second'}>) => void
}

export interface Threads {
  /** Resolves when all are loaded. */
  readonly ready: Promise<unknown>
  /** Resolves when all have ended; rejects with the first that crashes. */
  readonly ended: Promise<readonly Told[]>
  begin(at: number): void
  /** Lets them give back what they hold, and end. */
  windDown(): void
  /** Ends them as they are. */
  kill(): Promise<void>
}

/** Starts the threads of a load. */
export function startThreads({server, workload, count, onSecond}: ThreadsSettings): Threads {
  const threads = Array.from({length: count}, (_, index) => {
    const workerData: ThreadData = {workload, server, index, of: count}
    const worker = new Worker(ourProgram('drill/turn/thread'), {workerData, execArgv: []})
    const ready = Promise.withResolvers<FromThread>()
    const done = Promise.withResolvers<Told>()
    worker.on('message', (message: FromThread) => {
      if (message.say === 'ready') ready.resolve(message)
      else if (message.say === 'second') onSecond(index, message)
      else done.resolve(message)
    })
    const fail = (error: Error) => {
      ready.reject(error)
      done.reject(error)
    }
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`it ended with code ${code}`)))
    return {worker, ready: ready.promise, done: done.promise}
  })
  const say = (message: ToThread) => {
    for (const {worker} of threads) worker.postMessage(message)
  }
  const ready = Promise.all(threads.map((thread) => thread.ready))
  const ended = Promise.all(threads.map(({done}) => done))
  for (const promise of [ready, ended]) promise.catch(() => {}) // a crash is told by whichever is waited for
  return {
    ready,
    ended,
    begin: (at) => say({say: 'begin', at}),
    windDown: () => say({say: 'stop'}),
    async kill() {
      await Promise.all(threads.map(({worker}) => worker.terminate()))
    },
  }
}
