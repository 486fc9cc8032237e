/** One part of a drill, from `startMs` to `endMs` after its begin, in which the load goes straight from one share to another. */
export interface LoadPhase {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  /** Shares of the full load: 1 is all of it. */
  readonly from: number
  readonly to: number
  /** What is measured in it decides the verdict. */
  readonly judged: boolean
}

/** The tag of all samples that are judged, whatever their phase is called. */
export const JUDGED = 'steady'

/** The `phase` tag of what happens in a phase. */
export function tagOf({name, judged}: Pick<LoadPhase, 'name' | 'judged'>): string {
  return judged ? JUDGED : name.replaceAll('-', '_')
}

/** The phase of a moment; before the first one it is the first, after the last one the last. */
export function phaseAt(phases: readonly LoadPhase[], ms: number): LoadPhase | undefined {
  return phases.find(({endMs}) => ms < endMs) ?? phases.at(-1)
}

/** The share of the full load that is planned at a moment. */
export function shareAt(phases: readonly LoadPhase[], ms: number): number {
  const phase = phases.find(({startMs, endMs}) => ms >= startMs && ms < endMs)
  return phase ? phase.from + ((phase.to - phase.from) * (ms - phase.startMs)) / (phase.endMs - phase.startMs) : 0
}

export interface Window {
  readonly openMs: number
  readonly closeMs: number
}

/** When the planned load is above a share: the lives of the session that stands at that share. */
export function windowsAbove(phases: readonly LoadPhase[], share: number): Window[] {
  const windows: Window[] = []
  let openMs: number | undefined
  const at = (above: boolean, ms: number) => {
    if (above && openMs === undefined) openMs = ms
    if (!above && openMs !== undefined) {
      if (ms > openMs) windows.push({openMs, closeMs: ms})
      openMs = undefined
    }
  }
  for (const {startMs, endMs, from, to} of phases) {
    at(from > share, startMs) // a phase may begin with a jump
    if (from > share !== to > share) at(to > share, startMs + ((share - from) / (to - from)) * (endMs - startMs))
  }
  at(false, phases.at(-1)?.endMs ?? 0)
  return windows
}

/** Where the session of an index stands among all: in the middle of its own part, so that rounding never hides one. */
export function shareOfSession(index: number, sessions: number): number {
  return (index + 0.5) / sessions
}
