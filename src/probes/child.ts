import {fork, type ChildProcess} from 'node:child_process'
import {extname} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {ProbeFailure} from '../core/errors.ts'
import type {FailureCode} from '../core/failure.ts'
import type {AttemptResult} from '../core/result.ts'
import type {Check} from './check.ts'
import {indicatorsOf, type PreparedCheck} from './prepare.ts'
import type {RunContext} from './run-check.ts'

/** What the two processes say to each other. Secrets travel here and never in argv or environment. */
export type ToChild =
  | {readonly say: 'prepare'; readonly check: Check}
  | {readonly say: 'run'; readonly secrets: readonly string[]}
  | {readonly say: 'stop'; readonly code: FailureCode; readonly message: string}
export type FromChild = {readonly say: 'attempt'; readonly result: AttemptResult} | {readonly say: 'done'}

/** The program of the child: the same file type as this one, so that it works unbuilt as well. */
const program = fileURLToPath(new URL(`./child-main${extname(import.meta.url)}`, import.meta.url))
/** How long a child may take to end by itself once it was told to stop. */
const GRACE_MS = 2000

/**
 * Prepares a check in a process of its own, so that its CPU work cannot delay what this process measures meanwhile.
 * It loads while other checks run. A child that dies leaves an attempt that says so; it never outlives `dispose`.
 */
export function prepareInChild(check: Check): PreparedCheck & {dispose(): Promise<void>} {
  const child = fork(program, {serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc']})
  child.on('error', () => {}) // its exit is what counts
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const tell = (message: ToChild) => child.connected && child.send(message, () => {})
  tell({say: 'prepare', check})
  return {
    check,
    indicators: indicatorsOf(check),
    async run(context) {
      const stop = () => {
        const {code, message} = context.signal.reason as ProbeFailure
        tell({say: 'stop', code, message})
        setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
      }
      context.signal.addEventListener('abort', stop, {once: true})
      const results = collect(child, context)
      tell({say: 'run', secrets: context.secrets})
      if (context.signal.aborted) stop()
      const done = await finished(child, exited)
      context.signal.removeEventListener('abort', stop)
      return done ? results : [...results, died(check, child)]
    },
    async dispose() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Whether the child said that it is done, or is gone before it. */
function finished(child: ChildProcess, exited: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    child.on('message', (message: FromChild) => message.say === 'done' && resolve(true))
    void exited.then(() => resolve(false))
  })
}

function collect(child: ChildProcess, {onAttempt}: RunContext): AttemptResult[] {
  const results: AttemptResult[] = []
  child.on('message', (message: FromChild) => {
    if (message.say !== 'attempt') return
    results.push(message.result)
    onAttempt?.(message.result)
  })
  return results
}

function died({name, probe, target}: Check, child: ChildProcess): AttemptResult {
  const how = child.signalCode ? `by ${child.signalCode}` : `with exit code ${child.exitCode ?? 'unknown'}`
  return {
    check: name,
    probe,
    target: target.display,
    startedAt: Date.now(),
    totalMs: 0,
    phases: [],
    events: [],
    facts: {},
    ok: false,
    failure: {
      code: 'crashed',
      phase: 'start',
      message: `the process of this check ended ${how} before it had a result`,
    },
  }
}
