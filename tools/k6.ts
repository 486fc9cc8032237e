import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {buildWithGo} from './go-build.ts'
import {builtPrograms, findProgram} from './programs.ts'

const module = join(import.meta.dirname, 'k6')

/** True when a usable k6 can be found: the machine's own if it is 2.0 or newer, else the pinned one, built once. */
export function provideK6(say: (line: string) => void): boolean {
  const built = join(builtPrograms, 'k6')
  const [, pinned = ''] = /go\.k6\.io\/k6\/v2 v(\S+)/.exec(readFileSync(join(module, 'go.mod'), 'utf8')) ?? []
  const present = findProgram('k6')
  if (present !== undefined && present !== built && major(versionOf(present)) >= 2) return true
  if (versionOf(built) === pinned) return true
  return buildWithGo({title: `k6 ${pinned}`, program: 'k6', module, args: ['go.k6.io/k6/v2']}, say)
}

/** "2.2.0", or "" for what is no k6. The words of `k6 version` are the same in 1.x and 2.x; its `--json` is newer. */
function versionOf(k6: string): string {
  const {stdout, error} = spawnSync(k6, ['version'], {encoding: 'utf8', timeout: 10_000})
  return error ? '' : (/\bv(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? '')
}

function major(version: string): number {
  return Number(version.split('.')[0] ?? 0)
}
