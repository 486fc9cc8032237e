import {expect, test} from 'vitest'
import {exportReport} from '../../src/sinks/export-report.ts'
import {makeSinks} from '../../src/sinks/index.ts'
import type {Sink} from '../../src/sinks/sink.ts'
import {reports} from '../fixtures/reports.ts'

const never = new AbortController().signal

function sink(name: string, write: Sink['write'], timeoutMs = 10_000): Sink {
  return {name, required: false, timeoutMs, write}
}

test('sinks run side by side, each told apart', async () => {
  const met = Promise.withResolvers<undefined>()
  const results = await exportReport(
    reports.pass,
    [
      sink('waits for the other', () => met.promise),
      sink('comes second', () => {
        met.resolve(undefined)
        return Promise.resolve()
      }),
      sink('rejects', () => Promise.reject(new Error('disk full'))),
      sink('throws', () => {
        throw new Error('a bug')
      }),
    ],
    never,
  )
  expect(results.map(({sink: name, ok, message}) => [name, ok, message])).toEqual([
    ['waits for the other', true, undefined],
    ['comes second', true, undefined],
    ['rejects', false, 'disk full'],
    ['throws', false, 'a bug'],
  ])
})

test('a sink that ignores its signal is left behind', async () => {
  const [result] = await exportReport(reports.pass, [sink('deaf', () => new Promise(() => {}), 20)], never)
  expect(result).toMatchObject({ok: false, message: 'not done within 20 ms'})
})

test('no sink configured, none made', async () => {
  expect(await makeSinks({})).toEqual([])
  expect(await exportReport(reports.pass, [], never)).toEqual([])
})

test('a sink of the config is made by its name', async () => {
  const made = await makeSinks({pushgateway: {url: 'http://127.0.0.1:9091', required: true, timeout: 5000}})
  expect(made).toMatchObject([{name: 'pushgateway', required: true, timeoutMs: 5000}])
})
