import {ProbeFailure} from '../core/errors.ts'
import type {FromChild, ToChild} from './child.ts'
import {prepare, type PreparedCheck} from './prepare.ts'

/** The program of a check's own process: prepares when told, runs when told, ends with its parent. */
const stopped = new AbortController()
let prepared: Promise<PreparedCheck> | undefined

const tell = (message: FromChild) => process.connected && process.send?.(message)

process.on('message', (message: ToChild) => {
  switch (message.say) {
    case 'prepare':
      prepared = prepare(message.check)
      return
    case 'run':
      void run(message.secrets)
      return
    case 'stop':
      stopped.abort(new ProbeFailure(message.code, message.message))
  }
})
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole group: the parent decides
process.on('SIGTERM', () => {})

async function run(secrets: readonly string[]): Promise<void> {
  const check = await prepared
  await check?.run({signal: stopped.signal, secrets, onAttempt: (result) => tell({say: 'attempt', result})})
  tell({say: 'done'})
}
