import {mkdir} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {CannotMeasure, UserError} from '../core/errors.ts'

/** "reports/chat-backend-mixed-20261126-114500" */
export function folderName(profile: string, scenario: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().replaceAll(/[-:]/g, '').split('T')
  return join('reports', `${profile}-${scenario}-${day}-${time.slice(0, 6)}`)
}

/** Makes the folder of a report, which must not exist: nothing is ever written over. Returns its absolute path. */
export async function makeFolder(path: string): Promise<string> {
  const folder = resolve(path)
  try {
    await mkdir(dirname(folder), {recursive: true})
    await mkdir(folder)
  } catch (cause) {
    const {code = 'unknown error'} = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      throw new UserError(`--out: ${path} exists, and a report is never written over`, 'name another folder', {cause})
    }
    throw new CannotMeasure(`--out: cannot make the folder ${path} (${code})`, 'name another folder with --out', {
      cause,
    })
  }
  return folder
}
