import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import type {Attempt, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {tellMapping} from '../stun/tell-mapping.ts'
import {hostPort} from '../stun/uri.ts'
import {allocate, type AllocateOptions} from './allocate.ts'
import type {Allocation, Released} from './allocation.ts'
import {type Credentials, expiresInS} from './credentials.ts'
import {echo, type EchoEnds} from './echo.ts'
import {echoPlan} from './echo-plan.ts'
import {reportEcho} from './echo-report.ts'
import {introduce} from './introduce.ts'
import {matrix} from './matrix/matrix.ts'
import type {TurnOptions} from './options.ts'
import {serverOf} from './server-of.ts'
import {throughput} from './throughput.ts'

/** One way to a TURN server in depth, or every way there is. */
export const turn: Attempt<TurnOptions> = (target, options, trace) =>
  options.matrix ? matrix(target, options, trace) : relayAndEcho(target, options, trace)

/** An allocation, then an echo between it and a second one on the same server: no peer of our own is needed. */
const relayAndEcho: Attempt<TurnOptions> = async (target, options, trace) => {
  const server = serverOf(target, options, trace)
  const near = await allocate(server, trace)
  const open = [near]
  try {
    trace.event({indicator: 'turn_allocation', ok: true, value: near.allocatedInMs})
    tellAllocation(near, trace)
    tellLeniency(server.credentials, trace)
    const far = options.echo ? await secondAllocation({...server, ...near.at}, trace) : {refused: 'echo is off'}
    if ('refused' in far) for (const phase of ['permission', 'channel', 'echo']) trace.skip(phase, far.refused)
    else {
      open.push(far)
      await measureRelay({near, far}, options, trace)
    }
    trace.tidyUp('release') // not in `finally`: what failed before stays the phase that failed
  } finally {
    tellRelease(await Promise.all(open.map((allocation) => allocation.release())), trace)
    if (near.unsigned.length > 0) trace.fact('unsigned_success', near.unsigned.join(', '))
  }
}

/** A server whose quota, capacity or policy allows a client no second allocation is sound all the same. */
const oneIsEnough: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'turn_quota',
  'turn_capacity',
  'turn_forbidden',
  'turn_allocation_mismatch',
])

/** The far end of the echo. Its time counts in the phase `allocate`, not in the indicator. */
async function secondAllocation(server: AllocateOptions, trace: Trace): Promise<Allocation | {refused: string}> {
  try {
    return await allocate(server, quiet(trace))
  } catch (error) {
    if (!(error instanceof ProbeFailure) || !oneIsEnough.has(error.code)) throw error
    return {refused: `no second allocation for the echo: ${error.message}`}
  }
}

async function measureRelay(ends: EchoEnds, options: TurnOptions, trace: Trace): Promise<void> {
  const plan = echoPlan(options)
  const introduction = await introduce(ends.near, ends.far, trace)
  if ('refused' in introduction) {
    trace.fact('relay_to_relay', false)
    trace.skip('echo', `the server does not relay to its own relays: ${introduction.refused}`)
    return
  }
  trace.phase('echo')
  trace.fact('echo_path', `relay to relay by ${introduction.by}`)
  const result = await echo(ends, plan, trace)
  reportEcho(result, plan.packets, trace)
  const lapse = ends.near.lapse ?? ends.far.lapse
  if (lapse) throw lapse
  if (result.round.count === 0) {
    throw new ProbeFailure('turn_lost', `all ${plan.packets} packets were lost between two relays of the server`, {
      hint: "look at the firewall of the server's relay ports, and at its external address",
    })
  }
  if (options.throughput !== undefined) await measureThroughput(ends, options.throughput, trace)
}

async function measureThroughput(ends: EchoEnds, limitMbps: number, trace: Trace): Promise<void> {
  trace.phase('throughput')
  const {mbps, endedBy, steps} = await throughput(ends, limitMbps, trace)
  trace.fact('throughput_mbps', mbps)
  trace.fact('throughput_ended_by', endedBy)
  trace.detail(
    'throughput',
    steps.map((step) => ({...step})),
  )
}

/** Either does not check expiries, or has a clock behind ours: which one cannot be known from here. */
function tellLeniency(credentials: Credentials | undefined, trace: Trace): void {
  const leftS = credentials && expiresInS(credentials, trace.wallClock())
  if (leftS !== undefined && leftS < 0) trace.fact('expired_credential_accepted', true)
}

function tellAllocation({relayed, local, mapped, lifetimeS, software, allocatedInMs}: Allocation, trace: Trace): void {
  trace.fact('relayed_address', hostPort(relayed.address, relayed.port))
  tellMapping({local, mapped}, trace)
  trace.fact('lifetime_s', lifetimeS)
  trace.fact('allocation_ms', Math.round(allocatedInMs * 1000) / 1000)
  if (software) trace.fact('software', software)
}

/** A release that fails is no fault of the service (some servers hang up on it), but worth knowing where quotas fill. */
function tellRelease(outcomes: readonly Released[], trace: Trace): void {
  const odd = outcomes.find((outcome) => outcome !== 'released')
  if (odd) trace.fact('release', odd)
}
