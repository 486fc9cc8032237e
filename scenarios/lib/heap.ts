/** What has its time. */
interface Timed {
  readonly at: number
}

/** Adds to a binary heap, whose first entry is the earliest. */
export function addTo<Entry extends Timed>(heap: Entry[], entry: Entry): void {
  let index = heap.length
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (!above || above.at <= entry.at) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
}

/** Takes the earliest entry out of a binary heap. */
export function takeFirst<Entry extends Timed>(heap: Entry[]): Entry | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (!last || heap.length === 0) return first
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    if ((heap[child + 1]?.at ?? Infinity) < (heap[child]?.at ?? Infinity)) child++
    const below = heap[child]
    if (!below || below.at >= last.at) break
    heap[index] = below
    index = child
  }
  heap[index] = last
  return first
}
