import {spawnSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {crashOf} from '../../src/drill/k6/exit.ts'
import {readK6Log} from '../../src/drill/k6/log.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

/** As k6 2.2 writes them for `--out nonsense`, and when Go itself crashes. */
const refused = `{"level":"error","msg":"invalid output type 'nonsense', available types are: cloud, csv","time":"2026-11-26T16:29:40Z"}`
const panic = ['fatal error: concurrent map writes', 'goroutine 1 [running]:']

test('k6 that ends by an error of its own tells which', () => {
  const log = readK6Log()
  log.line(refused)
  const {lastError} = log.read
  expect(crashOf({code: 255, signal: null}, lastError)).toBe(
    "k6 ended with exit code 255: invalid output type 'nonsense', available types are: cloud, csv",
  )
  expect(crashOf({code: 104, signal: null}, lastError)).toMatch(/ 104: its configuration is wrong, invalid output/)
  expect(crashOf({code: 99, signal: null}, lastError)).toBeUndefined()
})

test('also by one that it has before it knows how to log', () => {
  const log = readK6Log()
  log.line('time="2026-11-26T18:22:12Z" level=error msg="unknown flag: --no-such \\"flag\\""')
  expect(log.read.lastError).toBe('unknown flag: --no-such "flag"')
})

test('what is no message of its log tells no reason', () => {
  const log = readK6Log()
  for (const line of panic) log.line(line)
  expect(crashOf({code: 2, signal: null}, log.read.lastError)).toBe('k6 ended with exit code 2: Go crashed')
  expect(crashOf({code: 77, signal: null}, log.read.lastError)).toBe('k6 ended with exit code 77: an error')
})

test.each([
  ['thrown', 'throw new Error("a mistake")'],
  ['of a promise that nobody waits for', 'void (async () => { throw new Error("a mistake") })()'],
])('an exception %s is counted, though k6 ends well', (_, mistake) => {
  const {status, stderr} = spawnSync(k6, ['run', '--quiet', '--log-format=json', '--address=127.0.0.1:0', '-'], {
    input: `export default () => { ${mistake} }`,
    encoding: 'utf8',
    timeout: 30_000,
  })
  const log = readK6Log()
  for (const line of stderr.split('\n')) log.line(line)
  expect(status).toBe(0)
  expect(log.read.exceptions).toBe(1)
})
