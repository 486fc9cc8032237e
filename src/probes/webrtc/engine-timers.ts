import {AsyncLocalStorage, createHook} from 'node:async_hooks'

/** The timers that were started inside a scope, by whomever. */
const scope = new AsyncLocalStorage<Set<NodeJS.Timeout>>()
let scopes = 0

const hook = createHook({
  // eslint-disable-next-line max-params -- the signature is Node's
  init(_asyncId, type, _triggerAsyncId, resource) {
    if (type === 'Timeout') scope.getStore()?.add(resource as NodeJS.Timeout)
  },
})

/**
 * Runs work and then ends every timer that it left running. werift sleeps with `timers/promises` and nothing to cancel
 * them by: half a second after each handshake, up to 33 s after a stalled one, and the process would live as long.
 */
export async function withoutLeftoverTimers<T>(work: () => Promise<T>): Promise<T> {
  const started = new Set<NodeJS.Timeout>()
  if (scopes++ === 0) hook.enable()
  try {
    return await scope.run(started, work)
  } finally {
    if (--scopes === 0) hook.disable()
    for (const timer of started) clearTimeout(timer)
  }
}
