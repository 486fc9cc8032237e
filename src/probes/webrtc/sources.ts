import {BlockList, isIP} from 'node:net'
import {ProbeFailure} from '../../core/errors.ts'
import {dialled} from '../connect-to-option.ts'
import type {DnsOptions} from '../dns-options.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {hostPort, parseTurnUri} from '../stun/uri.ts'
import type {TlsOptions} from '../tls-options.ts'
import {allocate, type AllocateOptions} from '../turn/allocate.ts'
import type {Allocation} from '../turn/allocation.ts'
import {credentialsFor, type CredentialSource} from '../turn/credentials.ts'
import {introduce} from '../turn/introduce.ts'
import {relayPhases} from '../turn/phases.ts'
import type {CandidateSources} from './candidates.ts'
import type {Policy} from './policy.ts'

export interface SourcesPlan {
  readonly policy: Policy
  readonly turn?: TurnServer | undefined
  /** The host of what is probed: one on this machine's loopback interface is met there, by peers as well. */
  readonly host: string
}

/** A TURN server as a check names it. */
export interface TurnServer extends TlsOptions, DnsOptions, Pick<Target, 'family'> {
  /** turn: or turns: URI. */
  readonly address: string
  readonly credentials?: CredentialSource | undefined
  readonly connectTo?: AllocateOptions['connectTo']
}

/** Where both peers have their candidates from. To be released when the peers are closed. */
export interface Sources {
  readonly near: CandidateSources
  readonly far: CandidateSources
  /** Aborts when the server closes a connection or its port, with that as the reason. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** Takes two allocations where the policy wants relays, in the phases of TURN. With other candidates at hand it goes on without. */
export async function openSources({policy, turn, host}: SourcesPlan, trace: Trace): Promise<Sources> {
  const direct = {host: {loopback: loopbackOf(host)}}
  if (policy === 'host' || !turn) {
    for (const phase of relayPhases) trace.skip(phase, 'host candidates need no server')
    return sourcesOf(direct, [])
  }
  const relay = openRelays(turn, trace)
  if (policy === 'relay') return sourcesOf({}, await relay)
  const relays = await relay.catch((error: unknown) => {
    if (!(error instanceof ProbeFailure) || trace.signal.aborted) throw error
    trace.fact('relay_failure', `${error.code}: ${error.message}`)
    return []
  })
  const server = parseTurnUri(turn.address)
  const {host: address, port} = dialled(server, turn.connectTo)
  return sourcesOf({...direct, ...(server.protocol === 'udp' && {stun: {address, port}})}, relays)
}

function sourcesOf(common: CandidateSources, relays: readonly Allocation[]): Sources {
  const [near, far] = relays
  const loss = new AbortController()
  for (const allocation of relays) allocation.onEnd((reason) => loss.abort(reason))
  return {
    near: {...common, ...(near && {relay: near})},
    far: {...common, ...(far && {relay: far})},
    lost: loss.signal,
    async release() {
      await Promise.all(relays.map((allocation) => allocation.release()))
    },
  }
}

/** Two allocations that may talk to each other, or none. */
async function openRelays(
  {address, credentials: source, connectTo, dnsServer, srv, family, ...tls}: TurnServer,
  trace: Trace,
): Promise<Allocation[]> {
  const credentials = source && credentialsFor(source, trace)
  const places = {server: parseTurnUri(address), connectTo, dnsServer, srv}
  const options = {...places, tls, credentials, ...(family && {family})}
  const open: Allocation[] = []
  try {
    const near = await allocate(options, trace)
    open.push(near)
    const far = await allocate({...options, ...near.at}, quiet(trace)).catch(noSecondRelay)
    open.push(far)
    trace.fact('relayed_address_near', hostPort(near.relayed.address, near.relayed.port))
    trace.fact('relayed_address_far', hostPort(far.relayed.address, far.relayed.port))
    const introduction = await introduce(near, far, trace)
    if ('refused' in introduction) throw keptApart(introduction.refused)
    return open
  } catch (error) {
    await Promise.all(open.map((allocation) => allocation.release()))
    throw error
  }
}

/** The other peer's time counts in the phase `allocate`. */
function noSecondRelay(error: unknown): never {
  if (!(error instanceof ProbeFailure)) throw error
  throw new ProbeFailure(error.code, `the second peer has no relay: ${error.message}`, {
    cause: error,
    hint: error.hint ?? 'this probe holds two allocations at a time',
  })
}

function keptApart(refused: string): ProbeFailure {
  const message = `no candidate pair can work: the server keeps its relays apart (${refused})`
  return new ProbeFailure('ice_failed', message, {
    hint: "two clients behind this server's relays will not reach each other: look at its denied and allowed peers",
  })
}

const loopbacks = new BlockList()
loopbacks.addSubnet('127.0.0.0', 8, 'ipv4')
loopbacks.addAddress('::1', 'ipv6')

function loopbackOf(host: string): string[] {
  const version = isIP(host)
  if (host === 'localhost') return ['127.0.0.1']
  if (version === 0 || !loopbacks.check(host, version === 6 ? 'ipv6' : 'ipv4')) return []
  return [version === 6 ? '::1' : '127.0.0.1']
}
