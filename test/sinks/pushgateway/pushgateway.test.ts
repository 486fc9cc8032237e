import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Report} from '../../../src/core/report.ts'
import {makeCertificate} from '../../../src/demo/certificate.ts'
import {exportReport} from '../../../src/sinks/export-report.ts'
import {makePushgateway} from '../../../src/sinks/pushgateway/pushgateway.ts'
import type {PushgatewayOptions} from '../../../src/sinks/pushgateway/options.ts'
import {query, startPrometheus} from '../../fixtures/prometheus.ts'
import {pushedGroups, startPushgateway} from '../../fixtures/pushgateway.ts'
import {reports} from '../../fixtures/reports.ts'
import type {Service} from '../../fixtures/service.ts'
import {need} from '../../setup/need.ts'
import {conforms} from '../conformance.ts'

conforms({
  name: 'pushgateway',
  make: ({url, timeoutMs, secret}) =>
    makePushgateway({url, timeout: timeoutMs, required: true, auth: {bearer: secret}}),
})

const never = new AbortController().signal
const USER = ['prober', '$2b$04$gPJYlMz9vRGQaJm9J25km.TWn3T432NQdrloO1CmjSSvecY0Q9yP.'] as const

async function push(report: Report, options: Pick<PushgatewayOptions, 'url'> & Partial<PushgatewayOptions>) {
  const sink = makePushgateway({required: true, timeout: 10_000, ...options})
  const [result] = await exportReport(report, [sink], never)
  return result
}

describe('against a real Pushgateway', () => {
  need('prometheus-pushgateway')
  let gateway: Service
  beforeAll(async () => {
    gateway = await startPushgateway()
  })
  afterAll(() => gateway.close())

  const located = (report: Report, location: string): Report => ({...report, run: {...report.run, location}})
  const groupsAt = async (location: string) =>
    (await pushedGroups(gateway)).filter(({labels}) => labels.location === location)

  test('a run that passed is a group of its own, and its success another', async () => {
    expect(await push(located(reports.pass, 'apart'), {url: gateway.url})).toMatchObject({ok: true, required: true})
    const groups = await groupsAt('apart')
    expect(groups.map(({labels}) => labels.group).toSorted()).toEqual(['last_success', undefined])
    const success = groups.find(({labels}) => labels.group)
    expect(Object.keys(success?.families ?? {})).toEqual(['probe_last_success_timestamp_seconds'])
    expect(success?.labels).toMatchObject({job: 'video-chat', instance: 'staging'})
  })

  test('the next run replaces the whole group and leaves the last success alone', async () => {
    await push(located(reports.pass, 'replaced'), {url: gateway.url})
    await push(located(reports.empty, 'replaced'), {url: gateway.url})
    const groups = await groupsAt('replaced')
    const main = groups.find(({labels}) => labels.group === undefined)
    expect(Object.keys(main?.families ?? {})).not.toContain('probe_success')
    expect(Object.keys(main?.families ?? {})).toContain('probe_last_run_timestamp_seconds')
    expect(groups.some(({labels}) => labels.group === 'last_success')).toBe(true)
  })

  test('a run that failed has no success to push', async () => {
    await push(located(reports.fail, 'failed'), {url: gateway.url})
    expect((await groupsAt('failed')).map(({labels}) => labels.group)).toEqual([undefined])
  })

  test('a narrowed run leaves the group of the whole run alone', async () => {
    const narrowed = {...reports.pass, run: {...reports.pass.run, selection: 'narrowed' as const}}
    await push(located(narrowed, 'narrow'), {url: gateway.url})
    expect((await groupsAt('narrow')).every(({labels}) => labels.selection === 'narrowed')).toBe(true)
  })

  test.each(['', 'eu/west', 'zürich 1?', '..'])('the location "%s" arrives as it is', async (location) => {
    expect(await push(located(reports.pass, location), {url: gateway.url})).toMatchObject({ok: true})
    expect(await groupsAt(location)).toHaveLength(2)
  })

  test('types never change from push to push: the gateway takes all reports into one group', async () => {
    for (const report of Object.values(reports)) {
      expect(await push(located(report, 'frozen'), {url: gateway.url})).toMatchObject({ok: true})
    }
  })

  test('labels that only a hostile config could have arrive as they are', async () => {
    const [first] = reports.pass.checks
    if (!first) throw new Error('expected a check')
    const hostile = {
      ...reports.pass,
      checks: [{...first, check: 'a"b\\c\nd', target: 'x{y="z"} 1\n# TYPE probe_x counter'}],
    }
    expect(await push(located(hostile, 'hostile'), {url: gateway.url})).toMatchObject({ok: true})
  })

  test('Prometheus reads the series back under the labels that were pushed', async () => {
    need('prometheus')
    const prometheus = await startPrometheus(gateway)
    try {
      await push(located(reports.fail, 'scraped'), {url: gateway.url})
      const scraped = async (promql: string) =>
        (await query(prometheus, promql)).map(({metric, value}) => ({...metric, value}))
      const group = {job: 'video-chat', instance: 'staging', location: 'scraped'}
      await expect
        .poll(() => scraped('probe_success{location="scraped",check="turn-udp"}'), {timeout: 15_000})
        .toHaveLength(2)
      expect(
        await scraped('probe_success{location="scraped",target="turn:10.0.0.2:3478?transport=udp"}'),
      ).toMatchObject([{...group, check: 'turn-udp', probe: 'turn', value: 0}])
      expect(await scraped('probe_signaling_rtt_seconds{location="scraped",quantile="0.95"}')).toMatchObject([
        {...group, value: 0.218},
      ])
      expect(
        await scraped(
          'sum(probe_slo_good_events{location="scraped",level="target"}) / sum(probe_slo_events{location="scraped",level="target"})',
        ),
      ).toMatchObject([{value: 1 / 22}])
      expect(
        await scraped('probe_slo_status{location="scraped",objective="turn-availability",status="fail"} == 1'),
      ).toHaveLength(1)
    } finally {
      await prometheus.close()
    }
  })
})

describe('against a Pushgateway', () => {
  need('prometheus-pushgateway')

  test('below a path, the path is kept', async () => {
    const gateway = await startPushgateway({prefix: '/push'})
    try {
      expect(await push(reports.pass, {url: `${gateway.url}/push/`})).toMatchObject({ok: true})
      expect(await push(reports.pass, {url: gateway.url})).toMatchObject({ok: false})
    } finally {
      await gateway.close()
    }
  })

  test('with a password, the right one is taken and the wrong one is told', async () => {
    const gateway = await startPushgateway({user: USER})
    const [username] = USER
    try {
      const {url} = gateway
      expect(await push(reports.pass, {url, auth: {username, password: 's3cret-pass'}})).toMatchObject({ok: true})
      expect(await push(reports.pass, {url: url.replace('//', `//${username}:s3cret-pass@`)})).toMatchObject({ok: true})
      const wrong = await push(reports.pass, {url, auth: {username, password: 'wrong-pass'}})
      expect(wrong).toMatchObject({
        ok: false,
        message: `${url}: expected 200 or 202, got 401 Unauthorized: Unauthorized`,
      })
    } finally {
      await gateway.close()
    }
  })

  test('over TLS, its authority has to be known', async () => {
    const certificate = await makeCertificate()
    const gateway = await startPushgateway({certificate})
    try {
      const {url} = gateway
      expect(await push(reports.pass, {url, tls: {ca: certificate.ca}})).toMatchObject({ok: true})
      expect(await push(reports.pass, {url, tls: {insecure: true}})).toMatchObject({ok: true})
      expect((await push(reports.pass, {url}))?.message).toMatch(/certificate is (not signed|self-signed)/)
    } finally {
      await gateway.close()
    }
  })
})
