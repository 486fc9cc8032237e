import {formatMs} from '../core/duration.ts'
import type {Json} from '../core/json.ts'
import {redactNamed} from '../core/redact-named.ts'
import type {AttemptResult} from '../core/result.ts'
import {printable} from './printable.ts'

interface WalkedStep {
  readonly stage: string
  readonly client: string
  readonly what: string
  readonly state: 'done' | 'waiting' | 'not reached'
  readonly ms?: number
  readonly came?: readonly string[]
}

const marks = {done: 'ok  ', waiting: 'WAIT', 'not reached': '    '} as const
const LONGEST = 160
/** Of a message that came instead: the reason for it often stands at its end. */
const LONGEST_CAME = 800

/** The steps of a dialect as they were taken in an attempt, one a line, up to the one at which it ended. */
export function walk({details}: AttemptResult): string {
  const steps = stepsIn(details?.steps)
  const lines = steps.flatMap((step, index) => {
    const isFirst = steps[index - 1]?.stage !== step.stage
    return [...(isFirst ? [step.stage.replaceAll('_', ' ')] : []), stepLine(step), ...cameLines(step)]
  })
  return lines.join('\n')
}

function stepLine({client, what, state, ms}: WalkedStep): string {
  const when = state === 'done' ? (ms === undefined ? '' : formatMs(ms)) : state === 'waiting' ? 'did not come' : state
  return `  ${marks[state]}  ${client.toUpperCase()}  ${shown(what, LONGEST)}${when && `  (${when})`}`
}

function cameLines({came}: WalkedStep): string[] {
  if (!came) return []
  if (came.length === 0) return ['           nothing else came']
  return came.map((message) => `           came: ${shown(message, LONGEST_CAME)}`)
}

function shown(text: string, longest: number): string {
  const safe = printable(redactNamed(text))
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe
}

function stepsIn(steps: Json | undefined): readonly WalkedStep[] {
  return (Array.isArray(steps) ? steps : []) as readonly WalkedStep[]
}
