import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {quantile} from '../src/core/stats.ts'
import {quiet} from '../src/probes/quiet-trace.ts'
import {encodeRequest} from '../src/probes/stun/message.ts'
import {StunSession} from '../src/probes/stun/session.ts'
import {openTransport} from '../src/probes/stun/transport.ts'
import {parseTurnUri} from '../src/probes/stun/uri.ts'
import {allocate} from '../src/probes/turn/allocate.ts'
import {generateCalls} from '../src/drill/turn/generate.ts'
import {relayLoad} from '../src/drill/workload.ts'
import {measures} from '../src/load/measures.ts'
import {turnOptions} from '../src/probes/turn/options.ts'
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
    return [...(await wholeProcess(server)), await binding(server), await allocation(server), await relayed(server)]
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

/** Packets of speech in many calls at once: what one machine can drive. Ours keep a timetable, those of uclient do not. */
async function relayed(server: Coturn): Promise<Claim> {
  const {calls, intervalMs, size, seconds} = {calls: 100, intervalMs: 20, size: 160, seconds: 10}
  const own: number[] = []
  const uclient: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begin = process.cpuUsage()
    own.push((await loadRelay(server, {calls, intervalMs, size, seconds})) / cpuSeconds(process.cpuUsage(begin)))
    const flags = `-y -c -u u -w p -l ${size} -z ${intervalMs} -n ${(seconds * 1000) / intervalMs} -m ${calls}`
    const command = `turnutils_uclient ${flags} -p ${server.port} 127.0.0.1 >&2; times`
    const {stdout, stderr} = await promisify(execFile)('bash', ['-c', command], {timeout: 120_000})
    const [, user = '0', system = '0'] = /\n0m([\d.]+)s 0m([\d.]+)s/.exec(stdout) ?? []
    const packets = Number(/tot_recv_msgs=(\d+)\n/.exec(stderr)?.[1] ?? Number.NaN)
    uclient.push(packets / (Number(user) + Number(system)))
  }
  const [ours, theirs] = [median(own), median(uclient)]
  return {
    name: 'relayed packets a second of CPU',
    measured: theirs / ours,
    limit: 2,
    unit: '× fewer than turnutils_uclient',
    detail: `${ours.toFixed(0)} against ${theirs.toFixed(0)}, ${calls} calls of speech, set-up included, median of ${ROUNDS} in turns`,
  }
}

/** Packets that a relay carried, of which each round trip is two. */
async function loadRelay(
  server: Coturn,
  {calls, intervalMs, size, seconds}: {calls: number; intervalMs: number; size: number; seconds: number},
): Promise<number> {
  const address = `turn:127.0.0.1:${server.port}`
  const options = turnOptions.parse({credentials: {username: 'u', password: 'p'}})
  const phases = [{name: 'steady', startMs: 0, endMs: (seconds + 1) * 1000, from: 1, to: 1, judged: true}]
  const relays = relayLoad({calls, intervalMs, size, lifeMs: 60_000})
  const workload = {schema: 1, scenario: 'turn', phases, relays, bounds: [], userAgent: '', insecure: false} as const
  const {measured} = await generateCalls({target: {address, display: address}, options}, workload, {
    durationMs: (seconds + 1) * 1000,
    folder: '',
    killFile: '/nonexistent',
    cores: 1,
    signal: new AbortController().signal,
    onPoint: () => {},
  })
  return 2 * (measured?.counter(measures.roundTrips) ?? Number.NaN)
}

function cpuSeconds({user, system}: NodeJS.CpuUsage): number {
  return (user + system) / 1e6
}

interface Run {
  readonly ms: number
  readonly maxRssMiB: number
}

/** Says on stderr, when the process ends, how much memory it ever had. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS+"\\n"))'

function probe(args: readonly string[]): Promise<Run> {
  return timed(process.execPath, ['--import', TELL_MEMORY, 'bin/run.cjs', ...args])
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
