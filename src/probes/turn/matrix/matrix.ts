import {ProbeFailure} from '../../../core/errors.ts'
import type {Json} from '../../../core/json.ts'
import type {Attempt} from '../../probe.ts'
import type {TurnOptions} from '../options.ts'
import {serverOf} from '../server-of.ts'
import {againAlone} from './again-alone.ts'
import {type Cell, isAnswered} from './cell.ts'
import {MOST_WAYS} from './limits.ts'
import {networkFacts} from './network.ts'
import {tryWay} from './try-way.ts'
import {waysOf} from './ways.ts'

/** Every URI × transport × server × address side by side: which ways work from where one stands. One that does is enough. */
export const matrix: Attempt<TurnOptions> = async (target, options, trace) => {
  trace.phase('resolve')
  const base = serverOf(target, options, trace)
  const ways = await waysOf([target.address, ...(options.matrix ?? [])], base, trace)
  if (ways.length > MOST_WAYS) trace.fact('ways_left_out', ways.length - MOST_WAYS)
  trace.phase('allocate')
  const tried = await Promise.all(
    ways.slice(0, MOST_WAYS).map(async (way) => ({way, cell: 'cell' in way ? await tryWay(way, trace) : way})),
  )
  const cells = await againAlone(tried, trace)
  trace.detail('matrix', cells as unknown as Json)
  for (const [name, value] of Object.entries(networkFacts(cells))) trace.fact(name, value)
  if (!cells.some(({outcome}) => outcome.works)) throw noneWorks(cells)
}

/** Of several causes that of a server tells more than that of silence. */
function noneWorks(cells: readonly Cell[]): ProbeFailure {
  const telling = cells.find(isAnswered) ?? cells[0]
  if (!telling || telling.outcome.works) return new ProbeFailure('dns_not_found', 'there is no way to try')
  const {transport, server, outcome} = telling
  const {code, message, hint} = outcome.failure
  const count = cells.length === 1 ? 'the one way that there is fails' : `none of ${cells.length} ways works`
  return new ProbeFailure(code, `${count}; ${transport} to ${server}: ${message}`, {...(hint && {hint})})
}
