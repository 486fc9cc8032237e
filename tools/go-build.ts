import {spawnSync} from 'node:child_process'
import {mkdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {builtPrograms, findProgram} from './programs.ts'

export interface GoBuild {
  /** What is built, for people: "k6 2.2.0". */
  readonly title: string
  /** The file's name in the folder of built programs. */
  readonly program: string
  /** The folder with the pinning go.mod. */
  readonly module: string
  /** Packages and flags of `go build`. */
  readonly args: readonly string[]
}

/** True when Go is there and has built the program. */
export function buildWithGo({title, program, module, args}: GoBuild, say: (line: string) => void): boolean {
  if (!findProgram('go')) return false
  say(`building ${title} (a minute or a few, once)`)
  mkdirSync(builtPrograms, {recursive: true})
  const built = join(builtPrograms, program)
  const unfinished = `${built}.${process.pid}` // a name of its own: an interrupted build is never taken for a whole one
  const done = spawnSync('go', ['build', '-o', unfinished, ...args], {
    cwd: module,
    encoding: 'utf8',
    env: {...process.env, GOWORK: 'off'},
  })
  if (done.status !== 0) {
    rmSync(unfinished, {force: true})
    say(`${title} could not be built: ${(done.error?.message ?? done.stderr).trim()}`)
    return false
  }
  renameSync(unfinished, built)
  return true
}
