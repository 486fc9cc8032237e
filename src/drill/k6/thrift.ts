/**
 * What Go's collector is to save: a fifth of the memory, or a third of the processor's time, without which k6 is late
 * where the two cores of a small machine hold thousands of sockets.
 */
export type Thrift = 'memory' | 'processor'

/** How much garbage may lie, in percent of what lives: `GOGC`. */
export const garbage: Readonly<Record<Thrift, number>> = {memory: 50, processor: 200}

/** What k6 takes then, as a multiple of what it takes when memory is saved (2000 sockets and 1000 users: 1.1 GB). */
export const memoryTimes: Readonly<Record<Thrift, number>> = {memory: 1, processor: 1.6}

const MANY_SESSIONS = 5000

/** Memory is what runs out where sessions are many; of few it has plenty. */
export function thriftOf(sessions: number): Thrift {
  return sessions > MANY_SESSIONS ? 'memory' : 'processor'
}
