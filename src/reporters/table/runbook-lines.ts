import type {Runbook, RunbookStep} from '../../core/runbook.ts'

/** A runbook as it is followed: what to look at, then what to do in which case. */
export function runbookLines([id, {title, investigation, resolution, recovery}]: readonly [string, Runbook]): string[] {
  return [
    `runbook ${id}: ${title} (recovery takes ${recovery})`,
    ...investigation.map((step) => `  look: ${stepText(step)}`),
    ...resolution.map((step) => `  do:   ${stepText(step)}`),
  ]
}

function stepText({when, step, command}: RunbookStep): string {
  const text = when ? `if ${when}: ${step}` : step
  return command ? `${text}: ${command}` : text
}
