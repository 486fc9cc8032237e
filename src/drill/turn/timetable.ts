import {slotFrom} from '../../load/timetable.ts'

/** Tells what falls due, in order, at or before a moment: the timetable is absolute, and what was missed is made up for. */
export type Due<Item> = (nowMs: number, tell: (item: Item, dueMs: number) => void) => void

/** Each item once in every interval, at an offset that is its index's own. */
export function cyclic<Item>(
  items: readonly {readonly index: number; readonly item: Item}[],
  intervalMs: number,
): Due<Item> {
  const round = items
    .map(({index, item}) => ({item, offsetMs: slotFrom(index, intervalMs, 0)}))
    .sort((a, b) => a.offsetMs - b.offsetMs)
  let [cycle, place] = [0, 0]
  return (nowMs, tell) => {
    for (;;) {
      const next = round[place]
      if (!next) return
      const dueMs = next.offsetMs + cycle * intervalMs
      if (dueMs > nowMs) return
      tell(next.item, dueMs)
      place++
      if (place === round.length) [cycle, place] = [cycle + 1, 0]
    }
  }
}
