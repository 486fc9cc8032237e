import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {quantile} from '../src/core/stats.ts'
import {quiet} from '../src/probes/quiet-trace.ts'
import {encodeRequest} from '../src/probes/stun/message.ts'
import {StunSession} from '../src/probes/stun/session.ts'
import {openTransport} from '../src/probes/stun/transport.ts'
import {parseTurnUri} from '../src/probes/stun/uri.ts'
import {allocate} from '../src/probes/turn/allocate.ts'
import {startCoturn, type Coturn} from '../test/fixtures/coturn.ts'
import {quietTrace} from '../test/fixtures/trace.ts'
import type {Bench, Claim} from './claim.ts'

const ROUNDS = 3
/** The same packets for both: as many, as large, as far apart. */
const PACKETS = {count: 10, size: 160, intervalMs: 20}

/** TURN and STUN against coturn's own clients on the same coturn, in turns. */
export const turn: Bench = async () => {
  const server = await startCoturn()
  try {
    return [...(await wholeProcess(server)), await binding(server), await allocation(server)]
  } finally {
    await server.close()
  }
}

/** From the start of a process to its end, for the same packets through the same relay. */
async function wholeProcess(server: Coturn): Promise<Claim[]> {
  const own: Run[] = []
  const uclient: Run[] = []
  const {count, size, intervalMs} = PACKETS
  for (let round = 0; round < ROUNDS; round++) {
    const rate = String(1000 / intervalMs)
    own.push(
      await probe(['turn', `turn:127.0.0.1:${server.port}`, '-u', 'u', '--packets', String(count), '--rate', rate]),
    )
    const flags = ['-y', '-c', '-u', 'u', '-w', 'p', '-l', String(size), '-z', String(intervalMs)]
    uclient.push(
      await timed('turnutils_uclient', [...flags, '-n', String(count), '-p', String(server.port), '127.0.0.1']),
    )
  }
  const [ours, theirs] = [median(own.map(({ms}) => ms)), median(uclient.map(({ms}) => ms))]
  const memory = median(own.map(({maxRssMiB}) => maxRssMiB))
  return [
    {
      name: 'probe turn, whole process',
      measured: ours / theirs,
      limit: 0.1,
      unit: '× turnutils_uclient',
      detail: `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms for ${count} packets there and back, median of ${ROUNDS} in turns`,
    },
    {
      name: 'probe turn, memory',
      measured: memory,
      limit: 120,
      unit: 'MiB',
      detail: `peak resident set of the whole process, median of ${ROUNDS}`,
    },
  ]
}

/** A socket, a Binding and its answer. coturn's client is a process a request: there is no other way to ask it once. */
async function binding(server: Coturn): Promise<Claim> {
  const trace = quietTrace()
  const own: number[] = []
  const stunclient: number[] = []
  for (let round = 0; round < 10 * ROUNDS; round++) {
    const begin = performance.now()
    const uri = parseTurnUri(`turn:127.0.0.1:${server.port}`)
    const session = new StunSession(await openTransport({server: uri}, trace), trace)
    await session.request(encodeRequest('Binding'), trace)
    session.close()
    own.push(performance.now() - begin)
    stunclient.push((await timed('turnutils_stunclient', ['-p', String(server.port), '127.0.0.1'])).ms)
  }
  const [ours, theirs] = [median(own), median(stunclient)]
  return {
    name: 'STUN Binding with its socket',
    measured: ours / theirs,
    limit: 1,
    unit: '× turnutils_stunclient',
    detail: `${ours.toFixed(2)} ms in a running process against ${theirs.toFixed(2)} ms of a C process, median of ${10 * ROUNDS} in turns`,
  }
}

/** An allocation with its challenge and release, against uclient's shortest run: one message that nobody waits for. */
async function allocation(server: Coturn): Promise<Claim> {
  const trace = quiet(quietTrace())
  const own: number[] = []
  for (let round = 0; round < 50; round++) {
    const uri = parseTurnUri(`turn:127.0.0.1:${server.port}`)
    const relay = await allocate({server: uri, credentials: {username: 'u', password: 'p'}}, trace)
    own.push(relay.allocatedInMs)
    await relay.release()
  }
  const flags = ['-O', '-c', '-n', '1', '-u', 'u', '-w', 'p', '-e', '127.0.0.1', '-p', String(server.port), '127.0.0.1']
  const uclient = median(
    [await timed('turnutils_uclient', flags), await timed('turnutils_uclient', flags)].map(({ms}) => ms),
  )
  const ours = median(own)
  return {
    name: 'allocation, challenge included',
    measured: ours / uclient,
    limit: 0.1,
    unit: '× turnutils_uclient that connects and exits',
    detail: `${ours.toFixed(2)} ms (p95 ${(quantile(own, 0.95) ?? Number.NaN).toFixed(2)}) against ${uclient.toFixed(0)} ms`,
  }
}

interface Run {
  readonly ms: number
  readonly maxRssMiB: number
}

/** Says on stderr, when the process ends, how much memory it ever had. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS+"\\n"))'

function probe(args: readonly string[]): Promise<Run> {
  return timed(process.execPath, ['--import', TELL_MEMORY, 'bin/run.js', ...args])
}

async function timed(program: string, args: readonly string[]): Promise<Run> {
  const begin = performance.now()
  const env = {...process.env, PROBE_TURN_PASSWORD: 'p', NODE_ENV: 'production'}
  const {stderr} = await promisify(execFile)(program, args, {env, timeout: 60_000})
  const ms = performance.now() - begin
  return {ms, maxRssMiB: Number(/maxRSS (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024}
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? Number.NaN
}
