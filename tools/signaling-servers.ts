import {spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {builtPrograms, npmServers} from './programs.ts'

const pinned = join(import.meta.dirname, 'signaling-servers')

/**
 * Installs the signaling servers that npm has, apart from the program's own packages: nobody else needs them. Without
 * install scripts, which would fetch prebuilt WebRTC engines that no server uses.
 */
export function provideSignalingServers(say: (line: string) => void): boolean {
  if (lockOf(npmServers) === lockOf(pinned)) return true
  say('installing the signaling servers of the tests (half a minute, once)')
  mkdirSync(builtPrograms, {recursive: true})
  const unfinished = `${npmServers}.${process.pid}` // an interrupted installation is never taken for a whole one
  cpSync(pinned, unfinished, {recursive: true})
  const args = ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']
  const done = spawnSync('npm', args, {cwd: unfinished, encoding: 'utf8'})
  if (done.status !== 0) {
    rmSync(unfinished, {recursive: true, force: true})
    say(`the signaling servers could not be installed: ${(done.error?.message ?? done.stderr).trim()}`)
    return false
  }
  rmSync(npmServers, {recursive: true, force: true})
  renameSync(unfinished, npmServers)
  return true
}

function lockOf(folder: string): string | undefined {
  const file = join(folder, 'package-lock.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
