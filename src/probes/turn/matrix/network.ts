import type {Fact, Facts} from '../../../core/result.ts'
import type {Protocol} from '../../stun/uri.ts'
import {type Cell, isAnswered} from './cell.ts'

/** How a transport fares on the network one stands in. `blocked`: only silence, where another way is answered. */
type Fate = 'works' | 'answers' | 'blocked' | 'silent' | 'fails'

const labels: Readonly<Record<Protocol, string>> = {udp: 'UDP', tcp: 'TCP', tls: 'TLS'}

/** What the cells together say of the network that one stands in: "UDP blocked here, TCP 443 works". */
export function networkFacts(cells: readonly Cell[]): Facts {
  const fates = (['udp', 'tcp', 'tls'] as const).flatMap((transport) => {
    const own = cells.filter((cell) => cell.transport === transport)
    return own.length === 0 ? [] : [{transport, cells: own, fate: fateOf(own, cells)}]
  })
  const facts: Record<string, Fact> = {}
  for (const {transport, fate} of fates) facts[transport] = fate
  const sentences = [...fates.map(({transport, cells: own, fate}) => sentence(labels[transport], own, fate))]
  facts.network = [...sentences, ...ipv6Sentence(cells)].join(', ')
  facts.ways = cells.length
  facts.ways_working = cells.filter(({outcome}) => outcome.works).length
  return facts
}

function fateOf(own: readonly Cell[], all: readonly Cell[]): Fate {
  if (own.some(({outcome}) => outcome.works)) return 'works'
  if (own.some(isAnswered)) return 'answers'
  if (!own.every(isSilent)) return 'fails'
  return all.some(isAnswered) ? 'blocked' : 'silent'
}

function sentence(label: string, cells: readonly Cell[], fate: Fate): string {
  switch (fate) {
    case 'works':
      return `${label} ${portsOf(cells.filter(({outcome}) => outcome.works))} works`
    case 'answers':
      return `${label} ${portsOf(cells.filter(isAnswered))} answers and refuses us`
    case 'blocked':
      return `${label} blocked here (silence on ${portsOf(cells)})`
    case 'silent':
      return `${label} ${portsOf(cells)} silent`
    case 'fails':
      return `${label} ${portsOf(cells)} ${codesOf(cells)}`
  }
}

/** Only where both versions were tried is the difference between them the network's. */
function ipv6Sentence(cells: readonly Cell[]): string[] {
  const [four, six] = ([4, 6] as const).map((version) => cells.filter(({ip_version}) => ip_version === version))
  if (!four?.some(isAnswered) || !six || six.length === 0 || six.some(isAnswered)) return []
  return [`IPv6 does not work here (${codesOf(six)})`]
}

function isSilent({outcome}: Cell): boolean {
  return !outcome.works && outcome.failure.code === 'timeout'
}

function portsOf(cells: readonly Cell[]): string {
  return [...new Set(cells.map(({port}) => port))].join(' and ')
}

function codesOf(cells: readonly Cell[]): string {
  return [...new Set(cells.flatMap(({outcome}) => (outcome.works ? [] : [outcome.failure.code])))].join(', ')
}
