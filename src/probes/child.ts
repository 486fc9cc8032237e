import {fork, type ChildProcess} from 'node:child_process'
import {ProbeFailure} from '../core/errors.ts'
import type {FailureCode} from '../core/failure.ts'
import type {AttemptResult} from '../core/result.ts'
import {CLEAN_UP_MS} from './attempt.ts'
import type {Check} from './check.ts'
import {failureOf} from './classify.ts'
import {ourProgram} from './package-files.ts'
import type {KnownCheck, PreparedCheck} from './prepare.ts'
import type {RunContext} from './run-check.ts'

/** What the two processes say to each other, `index` naming a check. Secrets travel here, never in argv or environment. */
export type ToChild =
  | {readonly say: 'prepare'; readonly checks: readonly Check[]}
  | {readonly say: 'run'; readonly index: number; readonly secrets: readonly string[]}
  | {readonly say: 'stop'; readonly code: FailureCode; readonly message: string}
export type FromChild =
  | {readonly say: 'attempt'; readonly index: number; readonly result: AttemptResult}
  | {readonly say: 'done'; readonly index: number}

/** How long a child may take to end by itself once it was told to stop. */
const GRACE_MS = 2000
/** What the attempts of a check may take beyond their deadlines, loading and cleaning up included. */
const SLACK_MS = 5000
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** All that a child has of our environment, where users keep their secrets: what Node, OpenSSL and the resolver read. */
const INHERITED = [
  ...['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA', 'NODE_COMPILE_CACHE', 'NODE_V8_COVERAGE'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'LOCALDOMAIN', 'RES_OPTIONS', 'HOSTALIASES'],
  ...['LD_LIBRARY_PATH', 'SYSTEMROOT', 'TZ', 'LANG'],
]

export interface Children {
  readonly prepared: readonly PreparedCheck[]
  /** Ends the process; it never outlives this. */
  dispose(): Promise<void>
}

/**
 * Prepares checks in a process of their own, so that their CPU work cannot delay what this process measures meanwhile.
 * It loads while other checks run. If it dies, each check it owed leaves an attempt that says so.
 */
export function prepareInChild(checks: readonly KnownCheck[]): Children {
  if (checks.length === 0) return {prepared: [], dispose: () => Promise.resolve()}
  const child = fork(ourProgram('probes/child-main'), {
    serialization: 'advanced',
    execArgv: [],
    env: Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.setMaxListeners(3 * checks.length + 10)
  const ended = endOf(child)
  tell(child, {say: 'prepare', checks: checks.map(({check}) => check)})
  return {
    prepared: checks.map((known, index) => ({
      check: known.check,
      indicators: Object.keys(known.probe.owes(known.check.options)),
      run: (context) => runInChild({child, ended, known, index}, context),
    })),
    async dispose() {
      child.kill('SIGKILL') // every attempt has told its end, clean-up included: there is nothing to wait for
      await ended
    },
  }
}

/** How a process ended, for a sentence about it; told when all that it said is heard. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', ({message}) => {
      if (child.pid === undefined) resolve(`could not be started (${message})`) // of a started one the end is what counts
    })
    child.once('exit', (code, signal) => {
      const tellHow = () => resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`)
      if (child.connected) child.once('disconnect', tellHow)
      else tellHow()
    })
  })
}

const DONE = 'is done'

interface Delegated {
  readonly child: ChildProcess
  readonly ended: Promise<string>
  readonly known: KnownCheck
  readonly index: number
}

async function runInChild({child, ended, known, index}: Delegated, context: RunContext): Promise<AttemptResult[]> {
  const {signal, secrets, onAttempt} = context
  const results: AttemptResult[] = []
  const done = Promise.withResolvers<string>()
  const add = (result: AttemptResult) => {
    results.push(result)
    onAttempt?.(result)
  }
  const hear = (message: FromChild) => {
    if (message.index !== index) return
    if (message.say === 'done') done.resolve(DONE)
    else add(message.result)
  }
  const kill = () => {
    child.kill('SIGKILL')
    done.resolve('did not answer and was ended')
  }
  let timer = setTimeout(kill, longestMs(known))
  const stop = () => {
    const {code, message} = signal.reason as ProbeFailure
    tell(child, {say: 'stop', code, message})
    clearTimeout(timer)
    timer = setTimeout(kill, GRACE_MS)
  }
  child.on('message', hear)
  signal.addEventListener('abort', stop, {once: true})
  tell(child, {say: 'run', index, secrets})
  if (signal.aborted) stop()
  const outcome = await Promise.race([done.promise, ended])
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
  child.off('message', hear)
  if (outcome !== DONE) {
    const lost = new ProbeFailure('crashed', `the process of this check ${outcome} before it had a result`)
    add(unfinished(known.check, signal.aborted ? signal.reason : lost))
  }
  return results
}

/** A child that is stuck does not keep its deadlines: then this is the limit. */
function longestMs({check, probe}: KnownCheck): number {
  const {options, attempts, timeoutMs, intervalMs} = check
  const attemptMs = Math.max(intervalMs, timeoutMs + probe.takesMs(options) + CLEAN_UP_MS)
  return Math.min(attempts * attemptMs + SLACK_MS, LONGEST_TIMER_MS)
}

function tell(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => {}) // what a dying child does not hear, its end answers
}

/** The attempt that a check owed when its process was lost. */
function unfinished({name, probe, target}: Check, reason: unknown): AttemptResult {
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
    failure: failureOf(reason, 'start'),
  }
}
