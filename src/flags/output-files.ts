import * as Flags from '@oclif/core/flags'
import {access, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {UserError} from '../core/errors.ts'

const group = {helpGroup: 'OUTPUT'} as const

/** Where a command that makes several files puts them. */
export const outputFlags = {
  'out-dir': Flags.string({...group, helpValue: 'FOLDER', summary: 'folder to write the files to; made if absent'}),
  force: Flags.boolean({...group, dependsOn: ['out-dir'], summary: 'replace files that are there'}),
}

interface Output {
  readonly folder: string
  readonly force: boolean
}

/** Writes all of the files or, if one is there already, none. Names are relative to the folder. */
export async function writeFiles(files: Readonly<Record<string, string>>, {folder, force}: Output): Promise<void> {
  const paths = Object.entries(files).map(([name, text]) => [join(folder, name), text] as const)
  const there = force ? [] : await existing(paths.map(([path]) => path))
  if (there.length > 0) {
    throw new UserError(`expected to make ${there.join(', ')}, got what is there already`, 'replace it with --force')
  }
  try {
    await mkdir(folder, {recursive: true})
    for (const [path, text] of paths) await writeFile(path, text)
  } catch (error) {
    throw new UserError(`could not write to ${folder}: ${(error as Error).message}`, undefined, {cause: error})
  }
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  )
  return found.flat()
}
