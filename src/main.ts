import {flush} from '@oclif/core/flush'
import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {packageRoot} from './probes/package-files.ts'

/** What development changes: where commands are looked for, and that no manifest of theirs is read. */
export interface Overrides {
  readonly pjson?: object
  readonly ignoreManifest?: boolean
}

/** Runs the command that the arguments name. What goes wrong outside of a command ends here, with our exit codes. */
export async function main(overrides: Overrides = {}): Promise<void> {
  settings.enableAutoTranspile = false // neither dist/ nor Node's own type stripping needs it
  try {
    await run(process.argv.slice(2), {root: packageRoot, ...overrides} as Parameters<typeof run>[1])
  } catch (error) {
    const {reportError} = await import('./base-command.ts')
    process.exitCode = reportError(error instanceof Error ? error : new Error(String(error)))
  }
  await flush()
}
