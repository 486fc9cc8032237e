import {describe, expect, test} from 'vitest'
import {nagios} from '../../src/reporters/nagios.ts'
import {hostileReport, reports} from '../fixtures/reports.ts'

const names = Object.keys(reports) as (keyof typeof reports)[]

test.each(names)('a report of %s', (name) => {
  expect(nagios(reports[name])).toMatchSnapshot()
})

describe.each([...names.map((name) => [name, reports[name]] as const), ['hostile', hostileReport] as const])(
  'the line of a report of %s',
  (_name, report) => {
    const [text = '', data = '', ...rest] = nagios(report).split(' | ')
    test('is one, in ASCII, with one bar', () => {
      expect(nagios(report)).toMatch(/^[\x20-\x7e]+$/)
      expect(nagios(report).match(/\|/g)).toHaveLength(1)
      expect(rest).toEqual([])
    })
    test('begins with the state', () => {
      expect(text).toMatch(/^PROBE (OK|WARNING|CRITICAL|UNKNOWN) - ./)
    })
    test('ends in performance data that plugins are allowed to give', () => {
      const figures = data.match(/'[^'=|]+'=\S+/g) ?? []
      expect(figures.join(' ')).toBe(data)
      for (const figure of figures) expect(figure).toMatch(/=\d+(\.\d+)?[s%];[\d.:]*;[\d.:]*;0(;100)?$/)
    })
  },
)

test('a latency is in seconds with its limits, a share in percent with the least that is allowed', () => {
  expect(nagios(reports.fail)).toContain("'signaling rtt https://chat.example'=0.218000s;0.2;0.5;0")
  expect(nagios(reports.fail)).toContain("3478?transport_udp'=0%;99:;50:;0;100")
})
