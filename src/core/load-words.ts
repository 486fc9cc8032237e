import type {CarriedLoad} from './drill-result.ts'

/** What a load is made of, as people say it: k6 opens sockets, our own client holds calls through a relay. */
export interface LoadWords {
  /** What is open at once. */
  readonly clients: string
  /** What of it begins in a second. */
  readonly begun: string
  /** How far it came. */
  readonly course: string
  /** What goes there and comes back, which is timed. */
  readonly trip: string
  /** The same as it is counted. */
  readonly trips: string
  /** From the dial to what the transport or the relay grants. */
  readonly connect: string
  /** From the dial to the first trip that could be made. */
  readonly ready: string
  /** Where nothing failed. */
  readonly unfailed: string
  /** The workers of the generator. */
  readonly workers: string
  readonly generator: string
}

export const socketWords: LoadWords = {
  clients: 'sockets',
  begun: 'connects',
  course: 'connections',
  trip: 'round trip',
  trips: 'round trips',
  connect: 'connect',
  ready: 'ready',
  unfailed: 'No connection and no request failed, and the server closed none.',
  workers: 'virtual users',
  generator: 'k6',
}

export const callWords: LoadWords = {
  clients: 'allocations',
  begun: 'new allocations',
  course: 'allocations',
  trip: 'packet round trip',
  trips: 'packets',
  connect: 'allocation',
  ready: 'call ready',
  unfailed: 'No allocation failed, and the server ended none.',
  workers: 'threads',
  generator: 'probe',
}

/** The words for a drill, by what it carried. */
export function wordsOf({loads}: {readonly loads: readonly CarriedLoad[]}): LoadWords {
  return loads.some(({kind}) => kind === 'packets') ? callWords : socketWords
}
