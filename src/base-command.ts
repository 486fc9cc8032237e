import {Command, Errors} from '@oclif/core'
import {ProbeFailure, UserError} from './core/errors.ts'
import {exitCodes} from './core/exit-code.ts'

/** What every command shares: `--json`, one clear message for what went wrong, the exit codes, Ctrl-C. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  #interrupted: NodeJS.Signals | undefined

  /**
   * Aborts at the first Ctrl-C or SIGTERM, so that the command ends cleanly with what it knows; the second one ends it
   * at once. The exit code is then that of the signal, whatever the outcome.
   */
  protected interruptSignal(): AbortSignal {
    const controller = new AbortController()
    const stop = (signal: NodeJS.Signals) => {
      if (this.#interrupted) process.exit(signalCode(signal))
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

  /** Errors end here: a message and a hint, never a stack trace for what the operator can mend. */
  protected override catch(error: Error): Promise<void> {
    const {message, hint, code} = describe(error)
    this.exitWith(code === exitCodes.usage && this.asksForNagios() ? 3 : code)
    if (this.jsonEnabled()) this.logJson({schema: 1, error: {message, ...(hint && {hint}), exitCode: code}})
    else process.stderr.write(hint ? `${message}\n  ${hint}\n` : `${message}\n`)
    return Promise.resolve()
  }

  /** Nagios takes 2 for "critical": usage errors are its 3, "unknown". */
  private asksForNagios(): boolean {
    return /(^| )--format[= ]nagios( |$)/.test(this.argv.join(' '))
  }
}

function signalCode(signal: NodeJS.Signals): number {
  return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted
}

function describe(error: Error): {message: string; hint?: string | undefined; code: number} {
  if (error instanceof UserError) return {message: error.message, hint: error.hint, code: exitCodes.usage}
  if (error instanceof Errors.CLIError) return {message: error.message, hint: 'see --help', code: exitCodes.usage}
  const detail = error.stack ?? error.message
  return {message: `probe crashed: ${detail}`, hint: 'this is a bug: please report it', code: exitCodes.inconclusive}
}
