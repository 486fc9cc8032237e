import {expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startRedisExporter} from '../fixtures/exporters.ts'
import {servePages, type Pages} from '../fixtures/serve-pages.ts'
import {need} from '../setup/need.ts'

/** What the check of a profile finds where this address is given for its target. */
async function found(profile: string, check: string, address: string): Promise<string> {
  const {checks} = await loadPlan({flags: {profile, targets: {[check]: address}}, env: {}, cwd: '/'})
  const own = checks.find(({name}) => name === check)
  if (own?.probe !== 'http') throw new Error(`expected an http check ${check}, got ${own?.probe ?? 'none'}`)
  const result = await attemptOn(probes.http, {address, options: own.options as Record<string, unknown>})
  return result.ok ? 'well' : result.failure.code
}

test('a real Redis is seen through its real exporter', async () => {
  need('prometheus-redis-exporter')
  need('redis-server')
  const {url} = closing(await startRedisExporter())
  expect(await found('video-chat', 'redis', url)).toBe('well')
})

/** As their documentation and their sources have it: these servers are not to be had here. */
test.each<[profile: string, check: string, well: Pages, ill: Pages]>([
  [
    'video-chat',
    'redis',
    {'/metrics': '# TYPE redis_up gauge\nredis_up 1\n'},
    {'/metrics': '# TYPE redis_up gauge\nredis_up 0\n'},
  ],
  [
    'colink',
    'kafka',
    {'/metrics': '# TYPE kafka_brokers gauge\nkafka_brokers 3\n'},
    {'/metrics': '# TYPE kafka_brokers gauge\nkafka_brokers 0\n'},
  ],
  ['colink', 'loki', {'/ready': 'ready\n'}, {'/ready': 'Ingester not ready: waiting for 15s after being ready\n'}],
  ['colink', 'collector', {'/': {status: 'Server available'}}, {'/': 503}],
])('%s: %s tells a server that is well from one that is not', async (...[profile, check, well, ill]) => {
  expect(await found(profile, check, closing(await servePages(well)).address)).toBe('well')
  expect(await found(profile, check, closing(await servePages(ill)).address)).toMatch(/^http_(body|status)$/)
})
