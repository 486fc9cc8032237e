import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {loadPlan} from '../src/config/plan.ts'
import type {Report} from '../src/core/report.ts'
import type {CheckResult} from '../src/core/result.ts'
import {quantile} from '../src/core/stats.ts'
import {startDemo} from '../src/demo/demo.ts'
import type {Check} from '../src/probes/check.ts'
import type {Bench} from './claim.ts'

const ROUNDS = 5

/** What a whole `probe run` takes beyond its longest chain of needs: the process, the config, the judging, the table. */
export const run: Bench = async () => {
  const demo = await startDemo()
  try {
    const {checks} = await loadPlan({flags: {config: demo.config}, env: {}, cwd: process.cwd()})
    const overheads: number[] = []
    const chains: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const begin = performance.now()
      const {stdout} = await promisify(execFile)(process.execPath, [
        'bin/run.cjs',
        'run',
        '--config',
        demo.config,
        '--json',
      ])
      const wall = performance.now() - begin
      const chain = longestChain(checks, (JSON.parse(stdout) as Report).checks)
      chains.push(chain)
      overheads.push(wall - chain)
    }
    const median = (values: readonly number[]) => quantile(values, 0.5) ?? Number.NaN
    return [
      {
        name: 'probe run on the demo',
        measured: median(overheads),
        limit: 500,
        unit: 'ms beyond its longest chain of needs',
        detail: `the chain takes ${median(chains).toFixed(0)} ms, median of ${ROUNDS}`,
      },
    ]
  } finally {
    await demo.close()
  }
}

/** What a run cannot be shorter than. A check waits for a need on its own target, where that is checked there. */
function longestChain(checks: readonly Check[], results: readonly CheckResult[]): number {
  const ends = (check: Check): number => {
    const needed = checks.filter(({name}) => check.needs.includes(name))
    const same = needed.filter(({target}) => target.display === check.target.display)
    const below = (same.length > 0 ? same : needed).map(ends)
    const own = results.find((result) => result.check === check.name && result.target === check.target.display)
    return Math.max(0, ...below) + lasted(own)
  }
  return Math.max(...checks.map(ends))
}

function lasted(result: CheckResult | undefined): number {
  const [first, last] = [result?.attempts[0], result?.attempts.at(-1)]
  return first && last ? last.startedAt + last.totalMs - first.startedAt : 0
}
