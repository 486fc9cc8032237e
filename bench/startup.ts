import {execFileSync} from 'node:child_process'
import {quantile} from '../src/core/stats.ts'
import type {Bench} from './claim.ts'

const ROUNDS = 15

/** What a user waits before `probe` begins, against Node doing nothing. */
export const startup: Bench = () => {
  const bare: number[] = []
  const version: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(timeOf(['-e', '0']))
    version.push(timeOf(['bin/run.cjs', '--version']))
  }
  const [node, probe] = [quantile(bare, 0.5) ?? Number.NaN, quantile(version, 0.5) ?? Number.NaN]
  return Promise.resolve([
    {
      name: 'probe --version',
      measured: probe / node,
      limit: 2.8,
      unit: '× bare node',
      detail: `${probe.toFixed(0)} ms against ${node.toFixed(0)} ms, median of ${ROUNDS} in turns`,
    },
  ])
}

function timeOf(args: readonly string[]): number {
  const begin = performance.now()
  execFileSync(process.execPath, args, {stdio: 'ignore'})
  return performance.now() - begin
}
