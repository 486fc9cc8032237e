import {describe, expect, test} from 'vitest'
import type {Json} from '../../src/core/json.ts'
import {html} from '../../src/reporters/html/html.ts'
import {html as markup} from '../../src/reporters/html/markup.ts'
import {linearScale, logScale, niceEnd, timeScale} from '../../src/reporters/html/chart/scale.ts'
import {thinned} from '../../src/reporters/html/thin.ts'
import {drillReport, starved} from '../fixtures/drill-report.ts'

const hostile = `</script><script>alert(1)</script><img src=x onerror="alert(2)"> " ' & \${1}`

/** Everything that a server or a document could have said, said by an enemy; what the report is built by stays. */
function poisoned(value: Json, key = ''): Json {
  if (typeof value === 'string')
    return /^(status|source|role|level|kind|phase|name|tag|indicator|figure|outcome|code)$/.test(key)
      ? value
      : value + hostile
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => poisoned(item, key))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poisoned(item, name)]))
}

describe('the page of a drill', () => {
  test('tells the verdict, what can be believed, the charts and how to do it again', () => {
    const page = html(drillReport())
    for (const title of [
      'Objectives',
      'Can the numbers be believed?',
      'Capacity',
      'From second to second',
      'Latency by percentile',
      'Connections',
      'Errors and close codes',
      'What a real client saw',
      'How to run it again',
    ]) {
      expect(page).toMatch(new RegExp(`<h[23][^>]*>\\s*${title.replace('?', '\\?')}\\s*<`))
    }
    expect(page).toContain('All 3 promises were kept at 2 × the peak.')
    expect(page).toContain('probe drill run --scenario signaling')
    expect(page).toContain('ab'.repeat(32))
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  test('says what nobody measured apart, and what nobody believes', () => {
    const page = html(drillReport({gates: [starved]}))
    expect(page).toContain('It could not be told whether the promises are kept')
    expect(page).toContain('With doubt: k6 used 90 % of all cores')
  })

  test('nothing that a server says becomes markup', () => {
    const page = html(poisoned(drillReport() as unknown as Json) as unknown as ReturnType<typeof drillReport>)
    expect(page).not.toMatch(/<script|<img/)
    expect(page).toContain('&#60;script&#62;alert(1)')
  })

  test('a drill that ended before it had measured anything is told as it is', () => {
    const {drill, ...report} = drillReport()
    const phases = drill.phases.map((phase) => ({...phase, rates: {}, trends: {}}))
    const empty = {...drill, series: [], phases, funnel: [], loads: [], failures: [], closes: [], refusals: []}
    const page = html({
      ...report,
      verdicts: [],
      status: 'inconclusive',
      drill: {...empty, end: {kind: 'crashed', message: 'k6 crashed'}},
    })
    expect(page).toContain(
      'It could not be told whether the promises are kept: nothing was judged. The drill ended early: k6 crashed.',
    )
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
  })
})

test('a template escapes text, keeps markup, and makes nothing of nothing', () => {
  expect(
    markup`<p title="${'"&\''}">${'<b>'}${markup`<i>${1}</i>`}${[markup`<u>`, 'x']}${null}${false}${undefined}</p>`
      .markup,
  ).toBe('<p title="&#34;&#38;&#39;">&#60;b&#62;<i>1</i><u>x</p>')
})

describe('scales', () => {
  const paper = {from: 0, to: 100}
  test('have ticks where people would put them', () => {
    expect(linearScale({from: 0, to: 1}, paper, 5).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(linearScale({from: 0.9, to: 1}, paper, 3).ticks).toEqual([0.9, 0.95, 1])
    expect(logScale({from: 0.5, to: 2000}, paper, 4).ticks).toEqual([1, 10, 100, 1000])
    expect(logScale({from: 1, to: 20}, paper, 4).ticks).toEqual([1, 2, 5, 10, 20])
    expect(timeScale({from: 0, to: 90_000}, paper, 6).ticks).toEqual([
      0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000,
    ])
    expect([0, 0.3, 7, 99, 101].map((value) => niceEnd(value, 5))).toEqual([1, 0.3, 8, 100, 150])
  })
  test('put both ends of a value on both ends of the paper', () => {
    for (const scale of [linearScale({from: 3, to: 7}, paper, 4), logScale({from: 3, to: 7}, paper, 4)]) {
      expect([scale.at(3), scale.at(7)].map(Math.round)).toEqual([0, 100])
    }
  })
})

test('an hour is drawn in few points, and its one bad second is seen', () => {
  const [point] = drillReport().drill.series
  if (!point) throw new Error('no series')
  const hour = Array.from({length: 3600}, (_, index) => ({
    ...point,
    ms: index * 1000,
    errors: index === 1234 ? 0.5 : 0,
  }))
  const {series, seconds} = thinned(hour)
  expect([series.length, seconds]).toEqual([300, 12])
  expect(Math.max(...series.map(({errors}) => errors ?? 0))).toBe(0.5)
})
