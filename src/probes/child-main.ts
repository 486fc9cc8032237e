import module from 'node:module'
import {ProbeFailure} from '../core/errors.ts'
import type {FromChild, ToChild} from './child.ts'
import {knownCheck, prepare, type PreparedCheck} from './prepare.ts'

/** The program of the process for heavy checks: prepares when told, runs when told, ends with its parent. */
module.enableCompileCache() // before what is heavy is loaded
const stopped = new AbortController()
let prepared: readonly Promise<PreparedCheck>[] = []

const tell = (message: FromChild) => process.connected && process.send?.(message)

process.on('message', (message: ToChild) => {
  switch (message.say) {
    case 'prepare':
      prepared = message.checks.map(async (check) => prepare(await knownCheck(check)))
      void Promise.allSettled(prepared).then(keepCompiled)
      return
    case 'run':
      void run(message.index, message.secrets)
      return
    case 'stop':
      stopped.abort(new ProbeFailure(message.code, message.message))
  }
})
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole group: the parent decides
process.on('SIGTERM', () => {})

async function run(index: number, secrets: readonly string[]): Promise<void> {
  const check = await prepared[index]
  await check?.run({signal: stopped.signal, secrets, onAttempt: (result) => tell({say: 'attempt', index, result})})
  tell({say: 'done', index})
}

/** For the next start, as this process is killed and keeps nothing at its end. Node.js has it since 22.10. */
function keepCompiled(): void {
  if ('flushCompileCache' in module) module.flushCompileCache()
}
