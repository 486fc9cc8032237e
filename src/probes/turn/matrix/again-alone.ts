import type {Trace} from '../../probe.ts'
import {pause} from '../pause.ts'
import type {Cell} from './cell.ts'
import {AGAIN_MS, FREED_MS} from './limits.ts'
import {tryWay} from './try-way.ts'
import type {Way} from './ways.ts'

/** A way with how it went. */
export interface Tried {
  readonly way: Way | Cell
  readonly cell: Cell
}

/**
 * A user's quota may be smaller than the ways that are tried at once, which is no property of any of them: where one
 * works, those that the quota refused are tried again, one after the other.
 */
export async function againAlone(tried: readonly Tried[], trace: Trace): Promise<Cell[]> {
  const until = trace.now() + AGAIN_MS
  const cells: Cell[] = []
  for (const {way, cell} of tried) {
    let latest = cell
    while (!('outcome' in way) && isCrowdedOut(latest, tried) && trace.now() + FREED_MS < until) {
      await pause(FREED_MS, trace.signal)
      latest = await tryWay(way, trace)
    }
    cells.push(latest)
  }
  return cells
}

function isCrowdedOut({outcome}: Cell, tried: readonly Tried[]): boolean {
  return !outcome.works && outcome.failure.code === 'turn_quota' && tried.some(({cell}) => cell.outcome.works)
}
