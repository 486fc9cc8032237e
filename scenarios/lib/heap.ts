/** What has its time, and knows its place among others that have theirs. */
export interface Timed {
  /** Infinity: it is in no heap. */
  at: number
  place: number
}

/** Gives an entry of a binary heap, whose first one is the earliest, another time; Infinity takes it out. */
export function move(heap: Timed[], entry: Timed, at: number): void {
  if (entry.at === Infinity) {
    if (at === Infinity) return
    entry.place = heap.length
  }
  entry.at = at
  if (at < Infinity) sink(heap, entry, rise(heap, entry))
  else {
    const last = heap.pop()
    if (!last || last === entry) return
    last.place = entry.place
    sink(heap, last, rise(heap, last))
  }
}

/** The place to which it may rise, which is made empty. */
function rise(heap: Timed[], {at, place}: Timed): number {
  let empty = place
  while (empty > 0) {
    const parent = (empty - 1) >> 1
    const above = heap[parent]
    if (!above || above.at <= at) break
    put(heap, above, empty)
    empty = parent
  }
  return empty
}

/** Puts it where it belongs, at an empty place or below. */
function sink(heap: Timed[], entry: Timed, place: number): void {
  let empty = place
  for (;;) {
    let child = 2 * empty + 1
    if ((heap[child + 1]?.at ?? Infinity) < (heap[child]?.at ?? Infinity)) child++
    const below = heap[child]
    if (!below || below.at >= entry.at) break
    put(heap, below, empty)
    empty = child
  }
  put(heap, entry, empty)
}

function put(heap: Timed[], entry: Timed, place: number): void {
  heap[place] = entry
  entry.place = place
}
