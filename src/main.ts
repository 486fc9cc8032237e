import {flush} from '@oclif/core/flush'
import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {builtPlugin} from './built-plugin.ts'
import {packageRoot} from './probes/package-files.ts'

/** What development changes: where oclif looks for commands, and that it reads no manifest of them. */
export interface Unbuilt {
  readonly pjson: object
  readonly ignoreManifest: true
}

/** Runs the command that the arguments name. What goes wrong outside of a command ends here, with our exit codes. */
export async function main(unbuilt?: Unbuilt): Promise<void> {
  settings.enableAutoTranspile = false // neither dist/ nor Node's own type stripping needs it
  try {
    const commands = unbuilt ?? {plugins: new Map([['rtc-probe', builtPlugin(packageRoot)]])}
    await run(process.argv.slice(2), {root: packageRoot, ...commands} as Parameters<typeof run>[1])
  } catch (error) {
    const {reportError} = await import('./base-command.ts')
    process.exitCode = reportError(error instanceof Error ? error : new Error(String(error)))
  }
  await flush()
}
