import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'
import type * as oclifFlush from '@oclif/core/flush'
import type * as oclifRun from '@oclif/core/run'
import type * as oclifSettings from '@oclif/core/settings'

/** What development changes: where commands are looked for, and that no manifest of theirs is read. */
export interface Overrides {
  readonly pjson?: object
  readonly ignoreManifest?: boolean
}

/** Runs the command that the arguments name. What goes wrong outside of a command ends here, with our exit codes. */
export async function main(overrides: Overrides = {}): Promise<void> {
  // oclif is a hundred CommonJS files: required, they load 5 ms faster than imported, and every start pays for it.
  const require = createRequire(import.meta.url)
  const {flush} = require('@oclif/core/flush') as typeof oclifFlush
  const {run} = require('@oclif/core/run') as typeof oclifRun
  const {settings} = require('@oclif/core/settings') as typeof oclifSettings
  const root = fileURLToPath(new URL('..', import.meta.url))
  settings.enableAutoTranspile = false // neither dist/ nor Node's own type stripping needs it
  try {
    await run(process.argv.slice(2), {root, ...overrides} as Parameters<typeof run>[1])
  } catch (error) {
    const {reportError} = await import('./base-command.ts')
    process.exitCode = reportError(error instanceof Error ? error : new Error(String(error)))
  }
  await flush()
}
