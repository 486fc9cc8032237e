/** Not the ratio by which sessions are spread over the timetable: who polls shall speak no earlier than others. */
const STEP = Math.SQRT2

/** Whether a session begins by polling: a share of all, spread evenly, and the same in every process. */
export function beginsByPolling(index: number, share: number): boolean {
  return ((index + 1) * STEP) % 1 < share
}

/** What beginning by polling takes besides the upgrade: open, the namespace asked for, its answer, and the last poll. */
export const POLLING_REQUESTS = 4
