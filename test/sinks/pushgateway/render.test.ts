import {expect, test} from 'vitest'
import type {Sample} from '../../../src/core/sample.ts'
import {samplesOf} from '../../../src/core/samples-of.ts'
import {render} from '../../../src/sinks/pushgateway/render.ts'
import {promtoolCheck} from '../../fixtures/prometheus.ts'
import {reports} from '../../fixtures/reports.ts'
import {need} from '../../setup/need.ts'

test.each(Object.keys(reports) as (keyof typeof reports)[])(
  'promtool finds nothing wrong with a report of %s',
  async (name) => {
    need('promtool')
    expect(promtoolCheck(await render(samplesOf(reports[name])))).toBe('')
  },
)

test('no sample has a timestamp, and every family has its help and type', async () => {
  const lines = (await render(samplesOf(reports.fail))).split('\n').filter((line) => line !== '')
  const samples = lines.filter((line) => !line.startsWith('#'))
  for (const line of samples) expect(line).toMatch(/^[a-z_]+(\{.*\})? -?[\d.e+-]+$/)
  const families = new Set(
    samples.map((line) => line.replace(/[{ ].*$/, '').replace(/^(probe_signaling_rtt_seconds)_(sum|count)$/, '$1')),
  )
  for (const family of families) {
    expect(lines.some((line) => line.startsWith(`# HELP ${family} `))).toBe(true)
    expect(lines.some((line) => line.startsWith(`# TYPE ${family} `))).toBe(true)
  }
})

test('a counter is as its server counts it, whatever it says, and of one series twice the later is taken', async () => {
  need('promtool')
  const counter = (value: number, endpoint = 'GET /'): Sample => {
    return {name: 'requests_total', type: 'counter', help: 'requests', labels: {endpoint}, value}
  }
  const text = await render([counter(12), counter(-3, 'a"b\\c\nd'), counter(15)])
  expect(text.trimEnd().split('\n')).toEqual([
    '# HELP requests_total requests',
    '# TYPE requests_total counter',
    'requests_total{endpoint="GET /"} 15',
    'requests_total{endpoint="a\\"b\\\\c\\nd"} -3',
  ])
  expect(promtoolCheck(text)).toBe('')
})
