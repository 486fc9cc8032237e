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
  const refuse = (cause: unknown): never => {
    const {code = 'unknown error'} = cause as NodeJS.ErrnoException
    const hint = 'name another folder with --out'
    throw new CannotMeasure(`--out: cannot make the folder ${path} (${code})`, hint, {cause})
  }
  await mkdir(dirname(folder), {recursive: true}).catch(refuse)
  await mkdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') refuse(cause)
    throw new UserError(`--out: ${path} exists, and a report is never written over`, 'name another folder', {cause})
  })
  return folder
}
