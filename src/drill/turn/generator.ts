import {CannotMeasure, ProbeFailure} from '../../core/errors.ts'
import {failureOf} from '../../probes/classify.ts'
import type {GeneratorMaker} from '../generator.ts'
import {openCall, type RelayServer} from './call.ts'
import {generateCalls} from './generate.ts'

const CHECK_MS = 10_000

/** Our own TURN client in threads: k6 speaks no UDP. */
export const turnGenerator: GeneratorMaker = (workload, {relays: server}) => {
  if (!server) throw new Error('expected a subject with a relay, got none')
  return Promise.resolve({
    parts: 'threads',
    check: () => oneCall(server),
    generate: (load) => generateCalls(server, workload, load),
  })
}

/** Sets one call up and gives it back: a server that does not relay to its own relays cannot be loaded so. */
async function oneCall(server: RelayServer): Promise<void> {
  const deadline = new AbortController()
  const late = new ProbeFailure('timeout', `no call within ${CHECK_MS / 1000} s`)
  const timer = setTimeout(() => deadline.abort(late), CHECK_MS)
  try {
    const call = await openCall(server, {reached: () => {}, allocated: () => {}}, deadline.signal)
    await call.release()
  } catch (cause) {
    const {message} = failureOf(cause, 'call')
    throw new CannotMeasure(
      `${server.target.display} carries no call (${message}): nothing was loaded`,
      'see "probe turn" for the reason',
      {cause},
    )
  } finally {
    clearTimeout(timer)
  }
}
