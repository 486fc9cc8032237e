/** The static half of the gate: every check is run, also after one that failed, and each that failed is named. */
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..')
const layers = ['src', 'bin', 'scenarios'].filter((folder) => existsSync(join(root, folder)))
const checks: readonly (readonly [program: string, ...args: string[]])[] = [
  ['tsc', '--noEmit'],
  ['tsc', '--noEmit', '-p', 'scenarios'],
  ['eslint', '.'],
  ['prettier', '--check', '.', '--log-level', 'warn'],
  ['depcruise', ...layers, '--config'],
  ['knip'],
]

const failed = checks.filter(([program, ...args]) => {
  const {status} = spawnSync(join(root, 'node_modules', '.bin', program), args, {cwd: root, stdio: 'inherit'})
  return status !== 0
})
if (failed.length > 0) {
  process.stderr.write(`static checks failed: ${failed.map(([program]) => program).join(', ')}\n`)
  process.exitCode = 1
}
