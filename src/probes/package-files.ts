import {existsSync} from 'node:fs'
import {dirname, extname, join} from 'node:path'

/** The folder of package.json, where `profiles/`, `schemas/` and `dist/` are. Looked for: the build moves this module. */
export const packageRoot = rootAbove(import.meta.dirname)

/** The load drills as the build bundles them for k6. */
export const drillScript = join(packageRoot, 'dist/scenarios/drill.js')

/** A program of ours, by its path in `src/`, to be run in a process or thread of its own: built if this module is. */
export function ourProgram(name: string): string {
  const type = extname(import.meta.filename)
  return join(packageRoot, type === '.ts' ? 'src' : 'dist', `${name}${type}`)
}

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}
