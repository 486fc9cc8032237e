import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {readFileSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {buildWithGo} from './go-build.ts'
import {builtPrograms} from './programs.ts'

const module = join(import.meta.dirname, 'pion')
const program = 'pion-turn'

/** True when the TURN server of the pion family can be found: built once, and again when its sources change. */
export function providePion(say: (line: string) => void): boolean {
  const wanted = fingerprint()
  const {stdout, error} = spawnSync(join(builtPrograms, program), ['-version'], {encoding: 'utf8', timeout: 10_000})
  if (!error && stdout.trim() === wanted) return true
  return buildWithGo({title: 'pion/turn', program, module, args: ['-ldflags', `-X main.build=${wanted}`, '.']}, say)
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(module).sort()) hash.update(`${file}\n`).update(readFileSync(join(module, file)))
  return hash.digest('hex').slice(0, 16)
}
