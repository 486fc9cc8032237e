import {availableParallelism} from 'node:os'
import {describe, expect, test} from 'vitest'
import {cpuMeter} from '../../src/drill/k6/cpu-meter.ts'

const cores = availableParallelism()
const nobody = 2 ** 30

/** Uses the processor for a while. */
function work(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('the part of all cores that k6 uses', () => {
  test('is what the system knows of its process', () => {
    const share = cpuMeter({pid: process.pid, cores})
    expect(share(undefined)).toBeNull()
    const [used, began] = [process.cpuUsage(), performance.now()]
    work(400)
    const seen = share({cpuSeconds: 0})
    const {user, system} = process.cpuUsage(used)
    const ms = performance.now() - began
    // The system counts in ticks of 10 ms.
    expect(Math.abs((seen ?? 0) * cores * ms - (user + system) / 1000)).toBeLessThan(60)
  })

  test('is what k6 tells where the system does not know of it, and never more than all cores', () => {
    const share = cpuMeter({pid: nobody, cores})
    expect(share(undefined)).toBeNull()
    expect(share({cpuSeconds: 10})).toBeNull()
    work(20)
    expect(share({cpuSeconds: 10})).toBe(0)
    expect(share(undefined)).toBeNull()
    expect(share({cpuSeconds: 1000})).toBe(1)
  })

  test('is what k6 tells where the process that was started is only the parent of k6', () => {
    const share = cpuMeter({pid: process.pid, cores})
    expect(share(undefined)).toBeNull()
    expect(share({cpuSeconds: 1e6})).toBeNull()
    expect(share({cpuSeconds: 2e6})).toBe(1)
  })
})
