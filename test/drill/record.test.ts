import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {findK6} from '../../src/drill/k6/find.ts'
import {generate} from '../../src/drill/k6/generate.ts'
import {recordPeriodMs, recordReader} from '../../src/drill/k6/record.ts'
import {measures} from '../../src/load/measures.ts'
import {need} from '../setup/need.ts'

// As k6 2.2 writes it: in the first second it makes its virtual users.
const record = [
  '{"event":"param","data":{"aggregates":{"counter":["count","rate"],"gauge":["value"],"rate":["rate"],"trend":["max","med"]}}}',
  '{"event":"metric","data":{"time":{"type":"gauge"}}}',
  '{"event":"start","data":[[1000000]]}',
  '{"event":"snapshot","data":[[1001000]]}',
  '{"event":"metric","data":{"rtt_ms":{"type":"trend"},"good":{"type":"rate"},"open":{"type":"counter"}}}',
  '{"event":"cumulative","data":[[0.5],[18,18],[12,6],[1002000]]}',
  '{"event":"snapshot","data":[[0.5],[18,18],[12,6],[1002000]]}',
  '{"event":"metric","data":{"began_at":{"type":"gauge"},"closed":{"type":"counter"}}}',
  '{"event":"cumulative","data":[[1001100],[1,0.5],[0.5],[20,10],[12,6],[1003000]]}',
  '{"event":"snapshot","data":[[1001100],[1,1],[null],[2,2],[null,null],[1003000]]}',
  '{"event":"unheard of","data":[]}',
  'no JSON',
  '',
].join('\n')

test('the record of k6 is read second by second, in whatever pieces it comes; what had no sample is left out', () => {
  for (const size of [7, 100_000]) {
    const read = recordReader()
    const pieces = record.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    const [first, second, ...more] = pieces.flatMap((piece) => read(piece))
    expect(more).toEqual([])
    expect(first && [...first.increase, ...first.sum]).toEqual([
      ['open', 18],
      ['open', 18],
    ])
    expect(first?.trend.get('rtt_ms')).toEqual({max: 12, med: 6})
    expect(second?.sum.get('open')).toBe(20)
    expect(second?.increase.get('closed')).toBe(1)
    expect(second?.trend.size).toBe(0)
  }
})

test('its seconds count from the begin of the load; those before it are none', () => {
  const read = recordReader()
  expect(read(record).map(({ms}) => ms)).toEqual([900, 1900])
})

test('while nobody tells of a begin there is no second', () => {
  expect(recordReader()(record.replaceAll('began_at', 'other'))).toEqual([])
})

test('of a long drill it tells some seconds at once, in which what happened is spread evenly', () => {
  const read = recordReader()
  const slow = record
    .replace('{"aggregates"', '{"period":2000,"aggregates"')
    .replaceAll('1003000', '1005000')
    .replaceAll('1002000', '1003000')
  expect(read(slow).map(({ms, increase}) => [ms, increase.get('open')])).toEqual([
    [900, 9],
    [1900, 9],
    [2900, 1],
    [3900, 1],
  ])
})

test.for([
  ['of five minutes every second', 300_000, 1000],
  ['of an hour every six seconds', 3_600_000, 6000],
  ['of a day no less often than every ten', 86_400_000, 10_000],
] as const)('a drill %s', ([, durationMs, periodMs]) => {
  expect(recordPeriodMs(durationMs)).toBe(periodMs)
})

test('the series of a long drill has an entry for each second all the same', {timeout: 60_000}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'record-'))
  onTestFinished(() => rm(folder, {recursive: true, force: true}))
  const script = join(folder, 'script.js')
  await writeFile(join(folder, 'k6-config.json'), '{}') // as the build lays it beside the scenario
  await writeFile(
    script,
    `import {sleep} from 'k6'
     import {Counter, Gauge} from 'k6/metrics'
     const began = new Gauge('${measures.beganAt}')
     const trips = new Counter('${measures.roundTrips}')
     export const options = {scenarios: {a: {executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '20s'}}}
     export default function () {
       began.add(Date.now())
       for (let at = 0; at < 140; at++) { trips.add(1); sleep(0.1) }
     }`,
  )
  const {end, series} = await generate({
    k6: await findK6(need('k6')),
    script,
    workload: {schema: 1, scenario: 'long', phases: [], bounds: [], userAgent: 'test', insecure: false},
    env: process.env,
    folder,
    durationMs: 3_600_000,
    killFile: join(folder, 'STOP'),
    cores: 1,
    outputs: [],
    extra: [],
    signal: new AbortController().signal,
    onPoint: () => {},
  })
  expect(end).toEqual({kind: 'completed'})
  const seconds = series.map(({ms}) => Math.round(ms / 1000))
  expect(seconds.length).toBeGreaterThanOrEqual(11) // two periods of six, but for what lies before the begin
  expect(seconds).toEqual(seconds.map((_, index) => (seconds[0] ?? 0) + index))
  for (const {roundTrips} of series.slice(6, 11)) expect(roundTrips).toBeCloseTo(10, -1)
})
