import {fork, type ChildProcess} from 'node:child_process'
import {extname} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {ProbeFailure} from '../core/errors.ts'
import type {FailureCode} from '../core/failure.ts'
import type {AttemptResult} from '../core/result.ts'
import type {Check} from './check.ts'
import {indicatorsOf, type PreparedCheck} from './prepare.ts'
import type {RunContext} from './run-check.ts'

/** What the two processes say to each other, `index` naming a check. Secrets travel here, never in argv or environment. */
export type ToChild =
  | {readonly say: 'prepare'; readonly checks: readonly Check[]}
  | {readonly say: 'run'; readonly index: number; readonly secrets: readonly string[]}
  | {readonly say: 'stop'; readonly code: FailureCode; readonly message: string}
export type FromChild =
  | {readonly say: 'attempt'; readonly index: number; readonly result: AttemptResult}
  | {readonly say: 'done'; readonly index: number}

/** The program of the child: the same file type as this one, so that it works unbuilt as well. */
const program = fileURLToPath(new URL(`./child-main${extname(import.meta.url)}`, import.meta.url))
/** How long a child may take to end by itself once it was told to stop. */
const GRACE_MS = 2000

export interface Children {
  readonly prepared: readonly PreparedCheck[]
  /** Ends the process; it never outlives this. */
  dispose(): Promise<void>
}

/**
 * Prepares checks in a process of their own, so that their CPU work cannot delay what this process measures meanwhile.
 * It loads while other checks run. If it dies, each check it owed leaves an attempt that says so.
 */
export function prepareInChild(checks: readonly Check[]): Children {
  if (checks.length === 0) return {prepared: [], dispose: () => Promise.resolve()}
  const child = fork(program, {serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc']})
  child.setMaxListeners(3 * checks.length + 10)
  child.on('error', () => {}) // its exit is what counts
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  tell(child, {say: 'prepare', checks})
  return {
    prepared: checks.map((check, index) => ({
      check,
      indicators: indicatorsOf(check),
      run: (context) => runInChild({child, exited, check, index}, context),
    })),
    async dispose() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

interface Delegated {
  readonly child: ChildProcess
  readonly exited: Promise<void>
  readonly check: Check
  readonly index: number
}

async function runInChild({child, exited, check, index}: Delegated, context: RunContext): Promise<AttemptResult[]> {
  const {signal, secrets, onAttempt} = context
  const results: AttemptResult[] = []
  const done = Promise.withResolvers<boolean>()
  const hear = (message: FromChild) => {
    if (message.index !== index) return
    if (message.say === 'done') {
      done.resolve(true)
      return
    }
    results.push(message.result)
    onAttempt?.(message.result)
  }
  const stop = () => {
    const {code, message} = signal.reason as ProbeFailure
    tell(child, {say: 'stop', code, message})
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
  }
  child.on('message', hear)
  void exited.then(() => done.resolve(false))
  signal.addEventListener('abort', stop, {once: true})
  tell(child, {say: 'run', index, secrets})
  if (signal.aborted) stop()
  const finished = await done.promise
  signal.removeEventListener('abort', stop)
  child.off('message', hear)
  return finished ? results : [...results, died(check, child)]
}

function tell(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => {}) // what a dying child does not hear, its exit answers
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
