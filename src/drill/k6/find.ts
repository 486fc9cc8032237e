import {execFile} from 'node:child_process'
import {resolve} from 'node:path'
import {promisify} from 'node:util'
import {CannotMeasure} from '../../core/errors.ts'

export interface K6 {
  readonly path: string
  /** "2.2.0" */
  readonly version: string
}

/** Older ones hang in their teardown, and their WebSocket is an experiment. */
const OLDEST = 2
const HINT =
  'install k6 2.0 or newer (https://grafana.com/docs/k6/latest/set-up/install-k6/), or give its path with --k6'

/** The k6 of this path, or of PATH. Throws CannotMeasure where there is none that works. */
export async function findK6(path = 'k6'): Promise<K6> {
  const said = await ask(path)
  const version = /\bv?(\d+\.\d+\.\d+\S*?)["\s]/.exec(`${said} `)?.[1]
  if (version === undefined) throw new CannotMeasure(`expected a k6, got ${path} that tells no version`, HINT)
  if (Number(version.split('.')[0]) < OLDEST) throw new CannotMeasure(`expected k6 2.0 or newer, got ${version}`, HINT)
  return {path: path.includes('/') ? resolve(path) : path, version} // it is run from the folder of its report
}

async function ask(path: string): Promise<string> {
  try {
    const {stdout} = await promisify(execFile)(path, ['version'], {timeout: 10_000, killSignal: 'SIGKILL'})
    return stdout
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException
    const none = path.includes('/') ? `none at ${path}` : `none on PATH`
    const what = code === 'ENOENT' ? none : code === 'EACCES' ? `${path}, which may not be run` : `${path}, which fails`
    throw new CannotMeasure(`expected a k6, got ${what}`, HINT, {cause})
  }
}
