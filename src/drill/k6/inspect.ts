import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {CannotMeasure} from '../../core/errors.ts'
import type {K6} from './find.ts'

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
    await promisify(execFile)(k6.path, ['inspect', '--execution-requirements', '--include-system-env-vars', script], {
      env,
      timeout: INSPECT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    })
  } catch (cause) {
    const {stderr = ''} = cause as {stderr?: string}
    const said = stderr.trim().split('\n').at(-1) ?? ''
    throw new CannotMeasure(`k6 ${k6.version} does not take the scenario: ${said || 'it did not answer'}`, undefined, {
      cause,
    })
  }
}
