import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Report} from '../../src/core/report.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {runCli} from '../fixtures/cli.ts'
import {startCoturn, until, type Coturn} from '../fixtures/coturn.ts'
import {query, startPrometheus} from '../fixtures/prometheus.ts'
import {pushedGroups, startPushgateway} from '../fixtures/pushgateway.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import type {Service} from '../fixtures/service.ts'
import {videoChatServer, type VideoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

/** What a deployment that only chats has no address of. */
const watching = ['metrics', 'redis', 'prometheus', 'alertmanager', 'grafana', 'dashboards']
const SECRET = 'north-canary-91c2'

/** The main job, whole: a real coturn, a real Socket.IO server, a real Pushgateway and the Prometheus that scrapes it. */
describe('probe run on a real system', () => {
  let folder: string
  let coturn: Coturn
  let chat: VideoChatServer
  let gateway: Service
  let prometheus: Service

  beforeAll(async () => {
    need('turnserver')
    need('prometheus-pushgateway')
    need('prometheus')
    folder = await mkdtemp(join(tmpdir(), 'probe-run-'))
    const certificate = await makeCertificate()
    await writeFile(join(folder, 'ca.pem'), certificate.ca)
    coturn = await startCoturn({secret: SECRET, certificate})
    chat = await videoChatServer()
    gateway = await startPushgateway()
    prometheus = await startPrometheus(gateway)
  })
  afterAll(async () => {
    const started: ({close(): Promise<void>} | undefined)[] = [coturn, chat, gateway, prometheus]
    for (const service of started) await service?.close()
    await rm(folder, {recursive: true, force: true})
  })

  /** The stranger's system has no health page: what it answers there is what is expected. */
  async function config(turn: string, name = 'probe.yaml'): Promise<string> {
    const file = join(folder, name)
    await writeFile(
      file,
      `instance: staging
location: vienna
targets:
  backend: ${chat.url}
  stun: stun:127.0.0.1:${coturn.port}
  turn:
    address:
      - turn:127.0.0.1:${coturn.port}?transport=udp
      - turn:127.0.0.1:${coturn.port}?transport=tcp
      - turns:127.0.0.1:${coturn.tlsPort}?transport=tcp
    ca: file:ca.pem
    credentials: ${turn}
checks:
  health: {path: /, expect: {status: [404]}}
sinks:
  pushgateway: {url: ${gateway.url}, required: true}
`,
    )
    return file
  }

  async function run(file: string, ...args: string[]): Promise<{report: Report; code: number | null; text: string}> {
    const {code, stdout, stderr} = await runCli(['run', '--config', file, '--json', ...args], {
      env: {TURN_SECRET: SECRET},
    })
    const report = JSON.parse(stdout) as Report
    expect(schemaErrors(report)).toEqual([])
    return {report, code, text: stdout + stderr}
  }

  test('every layer passes, the numbers are pushed, and Prometheus has them', {timeout: 60_000}, async () => {
    const {report, code, text} = await run(await config('{secret: "${TURN_SECRET}"}'))
    const others = report.verdicts.filter(({status}) => status !== 'pass')
    expect(others.map(({target, status}) => [target, status])).toEqual(watching.map((target) => [target, 'skipped']))
    expect(code).toBe(0)
    expect(report.exports).toMatchObject([{sink: 'pushgateway', ok: true}])
    expect(text).not.toContain(SECRET)

    const transports = report.checks.filter(({probe}) => probe === 'turn').map(({target}) => target)
    expect(transports).toHaveLength(3)
    for (const {probe, attempts} of report.checks.filter((check) => check.probe === 'ice')) {
      expect(
        attempts.every(({facts}) => facts.relayed === true),
        probe,
      ).toBe(true)
    }

    const groups = await pushedGroups(gateway)
    expect(groups).toHaveLength(2)
    for (const {labels} of groups)
      expect(labels).toMatchObject({job: 'video-chat', instance: 'staging', location: 'vienna'})

    await until(
      async () => (await query(prometheus, 'probe_success{job="video-chat",instance="staging"}')).length > 0,
      15_000,
    )
    const success = await query(prometheus, 'probe_success{probe="turn",location="vienna"}')
    expect(success.map(({value}) => value)).toEqual([1, 1, 1])
    const judged = await query(prometheus, 'probe_slo_events{objective="signaling-latency",level="target"}')
    expect(judged).toMatchObject([{value: 20}]) // how many were in time is the machine's to say
    expect(await coturn.openAllocations()).toBe(0)
  })

  test.each([
    ['a wrong secret', '{secret: "file:wrong"}', 'turn_unauthorized'],
    ['an expired credential', '{username: "1700000000:probe", password: "file:wrong"}', 'turn_credential_expired'],
  ])(
    '%s fails TURN and blocks ICE above it, while signaling passes',
    {timeout: 60_000},
    async (_what, credentials, cause) => {
      await writeFile(join(folder, 'wrong'), 'south-canary-55aa')
      const {report, code, text} = await run(await config(credentials), '--no-push')
      expect(code).toBe(1)
      const turn = report.verdicts.filter(({objective}) => objective === 'turn-availability')
      expect(turn.map(({status, failure}) => [status, failure?.code])).toEqual([
        ['fail', cause],
        ['fail', cause],
        ['fail', cause],
      ])
      expect(turn[0]?.runbook).toBe('low-ice-connection-success')
      const ice = report.verdicts.filter(({objective}) => objective === 'ice-success')
      expect(ice.map(({status, why}) => [status, why])).toEqual(Array(3).fill(['skipped', 'blocked by turn']))
      expect(report.verdicts.find(({objective}) => objective === 'signaling-latency')?.status).toBe('pass')
      expect(text).not.toContain('south-canary-55aa')
    },
  )

  test('a dead signaling server fails its latency objective, and the table names the layer and the runbook', async () => {
    const file = await config('{secret: "${TURN_SECRET}"}', 'dead.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace(chat.url, 'http://127.0.0.1:1'))
    const {code, stdout} = await runCli(['run', '--config', file, '--tag', 'backend'], {env: {TURN_SECRET: SECRET}})
    expect(code).toBe(1)
    expect(stdout).toMatch(/health\s+FAIL\s+network/)
    expect(stdout).toMatch(/connection refused \(ECONNREFUSED 127\.0\.0\.1:1\)/)
    expect(stdout).toMatch(/blocked by health/)
    expect(stdout).toMatch(/pod-crash-loop/i)
  })

  test('a run narrowed by name pushes nothing unless asked, and then into a group of its own', async () => {
    const file = await config('{secret: "${TURN_SECRET}"}')
    const before = await pushedGroups(gateway)
    expect((await run(file, 'health')).report.exports).toEqual([])
    expect(await pushedGroups(gateway)).toHaveLength(before.length)
    await runCli(['run', 'health', '--push', '--config', file], {env: {TURN_SECRET: SECRET}})
    const added = (await pushedGroups(gateway)).filter(({labels}) => labels.selection !== undefined)
    expect(added.length).toBeGreaterThan(0)
  })
})
