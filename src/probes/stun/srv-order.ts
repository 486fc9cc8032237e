/** A record of DNS SRV (RFC 2782). */
export interface SrvRecord {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

/**
 * The order in which a client tries the servers of a service: by priority, lowest first; among equals drawn by weight
 * (RFC 2782, "Weight"). `random` gives numbers from 0 up to 1.
 */
export function inSrvOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const priorities = [...new Set(records.map(({priority}) => priority))].toSorted((a, b) => a - b)
  return priorities.flatMap((priority) =>
    drawn(
      records.filter((record) => record.priority === priority),
      random,
    ),
  )
}

/** Records of weight 0 stand first, so that they are drawn only where the dice say 0 or nothing else is left. */
function drawn(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const left = records.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0))
  const order: SrvRecord[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, {weight}) => sum + weight, 0)
    const dice = Math.floor(random() * (total + 1))
    let running = 0
    const index = left.findIndex(({weight}) => (running += weight) >= dice)
    order.push(...left.splice(Math.max(0, index), 1))
  }
  return order
}
