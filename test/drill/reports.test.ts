import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {earlierDrills, findBaseline} from '../../src/drill/reports/baseline.ts'
import {doomedOf, removeDrill} from '../../src/drill/reports/clean.ts'
import {listDrills} from '../../src/drill/reports/list.ts'
import {readDrillReport} from '../../src/drill/reports/read.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {drillReport, placeReport, starved} from '../fixtures/drill-report.ts'
import {reports} from '../fixtures/reports.ts'

const DAY = 86_400_000
const FIRST = 1_790_000_000_000

/** Five drills on five days, the fourth with errors, the fifth with a generator that nobody believes; and what is none. */
async function folderOfDrills(): Promise<string> {
  const folder = configFolder({'notes.txt': 'mine', 'empty/README.md': 'mine', 'cut/k6.log': 'a drill that was killed'})
  for (const day of [0, 1, 2, 3, 4]) {
    const story = {startedAt: FIRST + day * DAY, failed: day === 3 ? 200 : 2, ...(day === 4 && {gates: [starved]})}
    await placeReport(folder, `day-${day}`, drillReport(story))
  }
  symlinkSync(join(folder, 'day-0'), join(folder, 'link'))
  return folder
}

describe('a folder of drills', () => {
  test('is listed from the newest to the oldest; what has no report is none', async () => {
    const {drills, unreadable} = await listDrills(await folderOfDrills())
    expect(drills.map(({folder, status}) => `${folder} ${status}`)).toEqual([
      'day-4 inconclusive',
      'day-3 degraded',
      'day-2 pass',
      'day-1 pass',
      'day-0 pass',
    ])
    expect(drills[0]).toMatchObject({profile: 'video-chat', scenario: 'signaling', sockets: 1000, rttP95Ms: 13})
    expect(drills[1]?.objectives[1]).toEqual({
      objective: 'errors',
      title: 'Operations without an error',
      status: 'degraded',
      share: 0.98,
      promised: 0.999,
    })
    expect(unreadable).toEqual([])
  })

  test('that is not there has none', async () => {
    expect(await listDrills(join(configFolder({}), 'nowhere'))).toEqual({drills: [], unreadable: []})
  })

  test('knows the last one that passed, which is the baseline, and those before a drill', async () => {
    const folder = await folderOfDrills()
    const last = {wanted: 'last', reports: folder, profile: 'video-chat', scenario: 'signaling'}
    expect((await findBaseline(last))?.folder).toBe(join(folder, 'day-2'))
    expect(await findBaseline({...last, scenario: 'mixed'})).toBeUndefined()
    const {run, drill} = drillReport({startedAt: FIRST + 3 * DAY})
    const earlier = await earlierDrills(folder, {...run, workloadHash: drill.workloadHash})
    expect(earlier.map((one) => one.folder)).toEqual(['day-0', 'day-1', 'day-2'])
    expect(await earlierDrills(folder, {...run, workloadHash: 'another'})).toEqual([])
  })
})

describe('a report that cannot be read is told in one line', () => {
  const {drill, ...rest} = drillReport()
  const cases: readonly (readonly [title: string, text: string, message: string])[] = [
    ['none', '', 'expected a report as JSON, got something else'],
    ['a list', '[]', 'expected a report as JSON, got something else'],
    ['an older version', JSON.stringify({...rest, drill, schema: 0}), 'expected a report of schema 1, got schema 0'],
    ['no version', '{}', 'expected a report of schema 1, got none'],
    [
      'another shape',
      JSON.stringify({...rest, drill: {...drill, series: [{ms: '<script>'}]}}),
      'is no report of this version: /drill/series/0 must have required property',
    ],
    ['a run without a drill', JSON.stringify(reports.pass), 'is the report of a run without a drill'],
  ]
  test.each(cases)('%s', async (_, text, message) => {
    const folder = configFolder({'report.json': text})
    await expect(readDrillReport(folder)).rejects.toThrow(message)
    expect((await listDrills(join(folder, '..'))).unreadable.find((one) => folder.endsWith(one.folder))?.why).toContain(
      message,
    )
  })
  test('no folder', async () => {
    await expect(readDrillReport('/nowhere')).rejects.toThrow('/nowhere/report.json cannot be read (ENOENT)')
  })
})

describe('cleaning', () => {
  const cases = [
    [{keep: 2}, ['day-0', 'day-1']],
    [{keep: 0}, ['day-0', 'day-1', 'day-3', 'day-4']],
    [{olderThanMs: 2.5 * DAY}, ['day-0', 'day-1']],
    [{keep: 4, olderThanMs: DAY}, ['day-0']],
    [{keep: 9}, []],
  ] as const
  test.each(cases)('%o takes %o: never the last one that passed', async (limits, expected) => {
    const {drills} = await listDrills(await folderOfDrills())
    expect(doomedOf(drills, {...limits, now: FIRST + 4 * DAY}).map(({folder}) => folder)).toEqual(expected)
  })

  test('takes what a drill has written, and nothing else', async () => {
    const folder = await folderOfDrills()
    const drill = join(folder, 'day-0')
    for (const file of ['report.html', 'k6.log', 'mine.txt']) writeFileSync(join(drill, file), '')
    mkdirSync(join(drill, 'report.md'))
    mkdirSync(join(drill, 'process-1'))
    writeFileSync(join(drill, 'process-1', 'k6.log'), '')
    expect((await removeDrill(drill)).toSorted()).toEqual(['mine.txt', 'report.md'])
    expect(readdirSync(drill).toSorted()).toEqual(['mine.txt', 'report.md'])
    expect(await removeDrill(join(folder, 'day-1'))).toEqual([])
    expect(existsSync(join(folder, 'day-1'))).toBe(false)
  })
})
