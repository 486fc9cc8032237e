import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import type {K6} from './find.ts'

export interface K6Start {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Hears every line of its log. */
  readonly onLog: (line: string) => void
}

/** How k6 ended. */
export interface K6End {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface K6Process {
  readonly pid: number
  readonly ended: Promise<K6End>
  /** Lets it write its summary and end. A second time it would end without. */
  windDown(): void
  /** Ends it and all that it started, whatever state it is in. */
  kill(): void
}

/**
 * Stands in k6's process group and ends it when our end of its standard input closes, however this process ends: not
 * even a SIGKILL leaves an orphan. k6 itself takes the shell's place, so that its process id is the group's.
 */
const GUARD = 'exec 3<&0; (trap "" INT TERM; read -r _ <&3; kill -9 0) >/dev/null 2>&1 & exec "$@" 3<&- </dev/null'

/** Starts k6 in a process group of its own. */
export function startK6({path}: K6, {args, env, cwd, onLog}: K6Start): K6Process {
  const child = spawn('sh', ['-c', GUARD, 'sh', path, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const {pid} = child
  child.stdin.on('error', () => {}) // the guard is gone, and with it what it guarded
  createInterface({input: child.stderr}).on('line', onLog)
  const kill = () => {
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // all of the group are gone
    }
  }
  process.on('exit', kill)
  const ended = new Promise<K6End>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('exit', kill)
      kill() // whatever is left of the group, the guard first
      resolve({code, signal})
    })
  })
  return {
    pid: pid ?? 0,
    ended,
    windDown: () => void child.kill('SIGINT'),
    kill,
  }
}
