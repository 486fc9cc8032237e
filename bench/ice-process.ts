import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {quantile} from '../src/core/stats.ts'
import {startTurnServer} from '../src/demo/turn/server.ts'
import type {Bench} from './claim.ts'

const ROUNDS = 5

/** A whole `probe ice` from its start to its end, its process for heavy checks included, against Node doing nothing. */
export const iceProcess: Bench = async () => {
  const server = await startTurnServer({users: {u: 'p'}})
  try {
    const bare: Spent[] = []
    const probe: Spent[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await spentBy(['--eval', 'setTimeout(() => {}, 50)']))
      probe.push(
        await spentBy(['bin/run.cjs', 'ice', `turn:127.0.0.1:${server.udpPort}`, '--username', 'u', '--messages', '1']),
      )
    }
    const median = (all: readonly Spent[], what: keyof Spent) =>
      quantile(
        all.map((one) => one[what]),
        0.5,
      ) ?? Number.NaN
    return [
      claim('time', 'ms', {ours: median(probe, 'ms'), bare: median(bare, 'ms') - 50, limit: 30}),
      claim('memory', 'MB', {ours: median(probe, 'mb'), bare: median(bare, 'mb'), limit: 5}),
    ]
  } finally {
    await server.close()
  }
}

function claim(what: string, unit: string, {ours, bare, limit}: {ours: number; bare: number; limit: number}) {
  return {
    name: `${what} of probe ice`,
    measured: ours / bare,
    limit,
    unit: '× bare node',
    detail: `${ours.toFixed(0)} ${unit} against ${bare.toFixed(0)} ${unit}, median of ${ROUNDS} in turns`,
  }
}

interface Spent {
  readonly ms: number
  /** The most that the process and its children held at any one time, each at its own. */
  readonly mb: number
}

async function spentBy(args: readonly string[]): Promise<Spent> {
  const begin = performance.now()
  const child = spawn(process.execPath, args, {stdio: 'ignore', env: {...process.env, PROBE_TURN_PASSWORD: 'p'}})
  const ended = once(child, 'exit')
  const peaks = new Map<number, number>()
  const over = new AbortController()
  const watching = watch(child.pid ?? 0, peaks, over.signal)
  const [code] = (await ended) as [number | null]
  const ms = performance.now() - begin
  over.abort()
  await watching
  if (code !== 0) throw new Error(`expected ${args.join(' ')} to end with 0, got ${code}`)
  return {ms, mb: [...peaks.values()].reduce((sum, kb) => sum + kb, 0) / 1024}
}

async function watch(pid: number, peaks: Map<number, number>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await look(pid, peaks)
    await sleep(10)
  }
}

/** Linux tells the peak of a process as VmHWM. */
async function look(pid: number, peaks: Map<number, number>): Promise<void> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '') // it has ended
  const [, kb] = /VmHWM:\s+(\d+) kB/.exec(await read('status')) ?? []
  if (kb !== undefined) peaks.set(pid, Number(kb))
  const children = (await read(`task/${pid}/children`)).trim()
  for (const child of children === '' ? [] : children.split(' ')) await look(Number(child), peaks)
}
