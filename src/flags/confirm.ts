import {createInterface} from 'node:readline/promises'
import {formatMs} from '../core/duration.ts'
import {UserError} from '../core/errors.ts'
import type {DrillPlan} from '../drill/plan.ts'

/** A drill beyond this machine is confirmed by the name of what is loaded. Throws UserError. */
export async function confirmDrill(plan: DrillPlan, hosts: readonly string[], yes: boolean): Promise<void> {
  if (yes || hosts.length === 0) return
  const {scenario, factor, instance, durationMs} = plan
  const what = `This loads ${hosts.join(', ')} with ${scenario} at ${factor} x the peak for ${formatMs(durationMs)}.`
  await confirm(what, instance)
}

/** Asks a person to type a word. Throws UserError for another one, and where nobody can be asked. */
async function confirm(question: string, word: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UserError('expected a confirmation, and nobody can be asked', 'give --yes if this is meant')
  }
  const lines = createInterface({input: process.stdin, output: process.stderr})
  try {
    const answer = await lines.question(`${question}\nType "${word}" to go on: `)
    if (answer.trim() !== word) throw new UserError(`expected "${word}", got "${answer.trim()}": nothing was started`)
  } finally {
    lines.close()
  }
}
