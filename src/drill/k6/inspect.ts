import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {CannotMeasure} from '../../core/errors.ts'
import type {K6} from './find.ts'
import {readK6Log} from './log.ts'

export interface Inspected {
  readonly k6: K6
  readonly script: string
  readonly env: Readonly<Record<string, string>>
}

/** An async generator makes k6 spin for ever before it says a word. */
const INSPECT_MS = 20_000

/** Has k6 read the scenario with its workload. Throws CannotMeasure where it does not take it. */
export async function inspect({k6, script, env}: Inspected): Promise<void> {
  try {
    const options = ['--execution-requirements', '--include-system-env-vars', '--log-format=json', '--no-color']
    await promisify(execFile)(k6.path, ['inspect', ...options, script], {
      env,
      timeout: INSPECT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    })
  } catch (cause) {
    const {stderr = ''} = cause as {stderr?: string}
    const log = readK6Log()
    for (const line of stderr.split('\n')) log.line(line)
    const said = log.read.lastError ?? 'it did not answer'
    throw new CannotMeasure(`k6 ${k6.version} does not take the scenario: ${said}`, undefined, {cause})
  }
}
