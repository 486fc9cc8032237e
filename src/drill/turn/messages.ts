import type {RecordableHistogram} from 'node:perf_hooks'
import type {Workload} from '../../load/workload.ts'
import type {RelayServer} from './call.ts'
import type {Recording} from './recording.ts'

/** What a thread is started with: it holds every `of`-th call from its own index on. */
export interface ThreadData {
  readonly workload: Workload
  readonly server: RelayServer
  readonly index: number
  readonly of: number
}

/** `begin` names the moment in epoch milliseconds. */
export type ToThread = {readonly say: 'begin'; readonly at: number} | {readonly say: 'stop'}

export type FromThread =
  | {readonly say: 'ready'}
  | ({readonly say: 'second'} & Told & {
        /** Of the drill, the first is 1. */
        readonly second: number
        readonly rtt: RecordableHistogram
      })
  | ({readonly say: 'done'} & Told)

export interface Told {
  /** All since the begin. */
  readonly recording: Recording
  readonly failures: ReadonlyMap<string, string>
}
