import {afterEach, expect, test, vi} from 'vitest'
import {elapsedLine} from '../../src/flags/elapsed-line.ts'

const {isTTY, columns} = process.stderr
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  Object.assign(process.stderr, {isTTY, columns})
})

/** What is written on a terminal of so many columns in so many seconds. */
function written(isTTY: boolean, takesMs: number): string[] {
  vi.useFakeTimers()
  Object.assign(process.stderr, {isTTY, columns: 40})
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  const line = elapsedLine('websocket wss://chat.example.org/ws', takesMs)
  vi.advanceTimersByTime(2500)
  line.end()
  vi.advanceTimersByTime(5000)
  return lines
}

test('what takes long tells on a terminal how far it is, and leaves nothing there', () => {
  expect(written(true, 60_000)).toEqual([
    '\r\u001B[Kwebsocket wss://chat.example.org/ws · 1',
    '\r\u001B[Kwebsocket wss://chat.example.org/ws · 2',
    '\r\u001B[K',
  ])
})

test('what is over at once, or goes into a pipe, tells nothing', () => {
  expect(written(true, 500)).toEqual([])
  expect(written(false, 60_000)).toEqual([])
})
