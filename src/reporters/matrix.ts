import type {AttemptResult} from '../core/result.ts'
import type {Cell} from '../probes/turn/matrix/cell.ts'
import {printable} from './printable.ts'
import type {ReporterOptions} from './reporter.ts'
import {grid} from './table/grid.ts'

/**
 * The ways to TURN servers that were tried side by side, a row each, and what they say of the network. Nothing for an
 * attempt of another kind.
 */
export function matrixGrid(attempt: AttemptResult, {width, color = false, unicode = true}: ReporterOptions): string {
  const {details, facts} = printable(attempt)
  const cells = details?.matrix as readonly Cell[] | undefined
  if (!cells) return ''
  const rows = cells.map(({uri, transport, server, outcome}) => [
    uri,
    transport,
    server,
    ...(outcome.works
      ? [`${outcome.allocation_ms.toFixed(1)} ms`, outcome.relayed_address, outcome.ipv6_relay]
      : [`${outcome.failure.phase}: ${outcome.failure.message}`, '', '']),
  ])
  const table = grid(['uri', 'over', 'server', 'allocation', 'relay', 'IPv6 relay'], rows, {
    width,
    framed: color,
    unicode,
  })
  return `${table}\n${facts.network}`
}
