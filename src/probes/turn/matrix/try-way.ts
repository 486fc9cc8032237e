import {ProbeFailure} from '../../../core/errors.ts'
import {failureOf} from '../../classify.ts'
import type {Trace} from '../../probe.ts'
import {quiet} from '../../quiet-trace.ts'
import {hostPort} from '../../stun/uri.ts'
import {allocate, type AllocateOptions} from '../allocate.ts'
import type {Cell} from './cell.ts'
import {WAY_MS} from './limits.ts'
import type {Way} from './ways.ts'

/** Takes an allocation and gives it back, then asks for one with an IPv6 address. What goes wrong is the outcome. */
export async function tryWay({cell, options}: Way, trace: Trace): Promise<Cell> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new ProbeFailure('timeout', `no answer within ${WAY_MS} ms`)), WAY_MS)
  let phase = 'resolve'
  const watched: Trace = {
    ...quiet(trace),
    signal: AbortSignal.any([trace.signal, limit.signal]),
    phase: (name) => void (phase = name),
  }
  try {
    return {...cell, outcome: await allocateOnce(options, watched)}
  } catch (error) {
    trace.signal.throwIfAborted()
    return {...cell, outcome: {works: false, failure: failureOf(error, phase)}}
  } finally {
    clearTimeout(timer)
  }
}

async function allocateOnce(options: AllocateOptions, trace: Trace): Promise<Cell['outcome']> {
  const allocation = await allocate(options, trace)
  const {relayed, mapped, allocatedInMs} = allocation
  await allocation.release()
  const address = hostPort(relayed.address, relayed.port)
  return {
    works: true,
    allocation_ms: Math.round(allocatedInMs * 1000) / 1000,
    relayed_address: address,
    ...(mapped && {mapped_address: hostPort(mapped.address, mapped.port)}),
    ipv6_relay: relayed.address.includes(':') ? address : await ipv6Relay(options, trace),
  }
}

async function ipv6Relay(options: AllocateOptions, trace: Trace): Promise<string> {
  try {
    const allocation = await allocate({...options, relayFamily: 6}, trace)
    const {address, port} = allocation.relayed
    await allocation.release()
    return hostPort(address, port)
  } catch (error) {
    return failureOf(error, 'allocate').message
  }
}
