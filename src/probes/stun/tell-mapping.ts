import type {Trace} from '../probe.ts'
import type {TransportAddress} from './message.ts'
import {hostPort} from './uri.ts'

interface Mapping {
  /** Our address as this machine has it. */
  readonly local: TransportAddress
  /** Our address as the server sees it. */
  readonly mapped: TransportAddress | undefined
}

/** Where we are, as seen from here and from there; they differ behind a NAT. */
export function tellMapping({local, mapped}: Mapping, trace: Pick<Trace, 'fact'>): void {
  if (!mapped) return
  trace.fact('mapped_address', hostPort(mapped.address, mapped.port))
  trace.fact('local_address', hostPort(local.address, local.port))
  trace.fact('behind_nat', local.address !== mapped.address || local.port !== mapped.port)
}
