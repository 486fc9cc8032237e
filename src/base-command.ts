import {Command} from '@oclif/core/command'
import {CLIError} from '@oclif/core/errors'
import {CannotMeasure, ProbeFailure, UserError} from './core/errors.ts'
import {exitCodeOf, exitCodes, nagiosCode, type FailOn} from './core/exit-code.ts'
import type {Json} from './core/json.ts'
import type {Report} from './core/report.ts'
import {terminal} from './flags/terminal.ts'
import {loadReporter, type ReporterName} from './reporters/index.ts'
import {jsonText} from './reporters/json-text.ts'

interface Conclusion {
  readonly format: ReporterName
  /** The least grave verdict that exits with 1: `degraded`, if nothing is said. */
  readonly failOn?: FailOn
}

/** What every command shares: `--json`, one clear message for what went wrong, the exit codes, Ctrl-C. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  #interrupted: NodeJS.Signals | undefined

  /**
   * Aborts at the first Ctrl-C or SIGTERM, so that the command ends cleanly with what it knows; the second one ends it
   * at once, with these last words. The exit code is then that of the signal, whatever the outcome.
   */
  protected interruptSignal(lastWords = () => ''): AbortSignal {
    const controller = new AbortController()
    const stop = (signal: NodeJS.Signals) => {
      if (this.#interrupted) {
        process.stderr.write(lastWords())
        process.exit(signalCode(signal))
      }
      this.#interrupted = signal
      controller.abort(new ProbeFailure('aborted', 'interrupted'))
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
    return controller.signal
  }

  /** oclif's own `exit()` throws, and with `--json` prints the error in place of the answer. */
  protected exitWith(code: number): void {
    process.exitCode = this.#interrupted ? signalCode(this.#interrupted) : code
  }

  /** Prints a report as it was asked for, and ends with the exit code of its verdicts. */
  protected async conclude(report: Report, {format, failOn}: Conclusion): Promise<void> {
    if (!this.jsonEnabled()) this.log((await loadReporter(format))(report, terminal()))
    this.exitWith(format === 'nagios' ? nagiosCode(report) : exitCodeOf(report, failOn))
  }

  /** As the reporter prints it, so that `--json` and `--format json` say the same. */
  override logJson(document: unknown): void {
    process.stdout.write(`${jsonText(document as Json)}\n`)
  }

  protected override catch(error: Error): Promise<void> {
    this.exitWith(reportError(error, this.argv))
    return Promise.resolve()
  }
}

/**
 * Says what went wrong, and how to mend it, on stderr; with `--json` also as the one document on stdout. Returns the
 * exit code. What the operator can mend has no stack trace, and what is our own bug has one.
 */
export function reportError(error: unknown, argv: readonly string[] = process.argv.slice(2)): number {
  const {message, hint, exitCode} = describe(error)
  if (argv.includes('--json')) {
    process.stdout.write(`${jsonText({schema: 1, error: {message, ...(hint && {hint}), exitCode}})}\n`)
  }
  process.stderr.write(hint ? `${message}\n  ${hint}\n` : `${message}\n`)
  // Nagios takes 2 for "critical": usage errors are its 3, "unknown".
  return exitCode === exitCodes.usage && /(^| )(--format[= ]|-f[= ]?)nagios( |$)/.test(argv.join(' ')) ? 3 : exitCode
}

function describe(error: unknown): {message: string; hint?: string | undefined; exitCode: number} {
  if (error instanceof UserError) {
    // What a flag's own parser says comes with oclif's words around it.
    const message = error.message.replace(/^Parsing --\S+\s+|\nSee more help with --help$/g, '')
    const exitCode = error instanceof CannotMeasure ? exitCodes.inconclusive : exitCodes.usage
    return {message, hint: error.hint, exitCode}
  }
  if (error instanceof CLIError)
    return {message: inOneLine(error.message), hint: 'see --help', exitCode: exitCodes.usage}
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    message: `probe crashed: ${detail}`,
    hint: 'this is a bug: please report it',
    exitCode: exitCodes.inconclusive,
  }
}

/** oclif tells a mistake of usage on up to five lines; what it says of a flag begins with the flag's name here. */
function inOneLine(said: string): string {
  const message = said
    .replace(/\n+(Note: |See more help with --help)[^]*$/, '')
    .replace(/^The following errors? occurred:\s+/, '')
  const [, flag, reason] = /^Parsing (--\S+)\s+([^]+)$/.exec(message) ?? []
  if (!flag || !reason) return message.replace(/:\n/g, ': ')
  return `${flag}: ${reason.replace(/^Expected/, 'expected').replace(' but received: ', ', got ')}`
}

function signalCode(signal: NodeJS.Signals): number {
  return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted
}
