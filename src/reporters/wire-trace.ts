import type {Json} from '../core/json.ts'
import {redactNamed} from '../core/redact-named.ts'
import type {AttemptResult} from '../core/result.ts'
import {printable} from './printable.ts'

/** Longest frame that is printed whole; `--json` has the rest. */
const LONGEST = 600

interface TracedFrame {
  readonly ms: number
  readonly client: string
  readonly direction: string
  readonly kind: string
  readonly data: string
}

/** All that travelled in an attempt, one frame a line; nothing where that was not kept. */
export function wireTrace({details}: AttemptResult): string {
  return tracedFrames(details?.trace).map(frameLine).join('\n')
}

function frameLine({ms, client, direction, kind, data}: TracedFrame): string {
  const arrow = direction === 'sent' ? '→' : '←'
  const shown = printable(redactNamed(data))
  const cut = shown.length > LONGEST ? `${shown.slice(0, LONGEST)}… (${shown.length} characters)` : shown
  const what = kind === 'text' ? cut : `[${kind}] ${cut}`
  return `${ms.toFixed(1).padStart(9)}  ${client.toUpperCase()} ${arrow} ${what.trimEnd()}`
}

function tracedFrames(trace: Json | undefined): readonly TracedFrame[] {
  return (Array.isArray(trace) ? trace : []) as readonly TracedFrame[]
}
