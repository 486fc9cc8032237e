import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {DrillResult} from '../../src/core/drill-result.ts'
import type {DrillSettings} from '../../src/drill-run.ts'
import {drillIn, goodShare, shortDrill, verdictOn, type Drilled} from '../fixtures/drill.ts'
import {drillTargetProfile} from '../fixtures/drill-target.ts'
import {ticketDialect, ticketServer, type TicketServer} from '../fixtures/ticket-server.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

/** A drill of a chat that wants a ticket, from an office at this URL. */
async function drillOf(
  chat: string,
  office: string,
  more: Partial<DrillSettings & {yaml: string}> = {},
): Promise<Drilled> {
  const {yaml = '', ...settings} = more
  const folder = await mkdtemp(join(tmpdir(), 'drill-before-'))
  try {
    await writeFile(join(folder, 'drilled.yaml'), drillTargetProfile)
    const dialect = JSON.stringify(ticketDialect(office))
    const checks = '{echo: {insecure: true, headers: {x-operator: secret}}}'
    const config = `profile: ./drilled.yaml\ninstance: here\ntargets: {chat: "${chat}"}\nchecks: ${checks}\ndialect: ${dialect}\n${yaml}`
    await writeFile(join(folder, 'probe.yaml'), config)
    return await drillIn(folder, {wishes: {...shortDrill, lifeMs: 3000}, settings: {k6, ...settings}})
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

describe('requests before the sockets of a drill', () => {
  let server: TicketServer
  let drilled: Drilled
  let drill: DrillResult
  const reached = (stage: string) => drill.funnel.find((one) => one.stage === stage)?.clients ?? 0

  beforeAll(async () => {
    server = await ticketServer(['application', 'unavailable', 'cut', 'limit'])
    drilled = await drillOf(server.address, server.office)
    if (!drilled.report.drill) throw new Error('a report without its drill')
    drill = drilled.report.drill
  }, 120_000)
  afterAll(() => server.close())

  test('every socket has a ticket of its own, and one that comes again asks again', () => {
    expect(server.doors.out).toBe(0)
    expect(server.doors.in).toBeGreaterThanOrEqual(reached('upgraded'))
    expect(reached('ready')).toBeGreaterThan(20) // sessions of three seconds
    expect(goodShare(verdictOn(drilled.report, 'latency'))).toBeGreaterThan(0.8)
    expect(goodShare(verdictOn(drilled.report, 'sessions-carried'))).toBeGreaterThan(0.8)
    expect(drill.gates.find(({name}) => name === 'exceptions')).toMatchObject({ok: true})
  })

  test('the funnel begins with asking', () => {
    expect(drill.funnel.map(({stage}) => stage).slice(0, 3)).toEqual(['asked', 'dialled', 'upgraded'])
    expect(reached('dialled')).toBeGreaterThan(0)
    expect(reached('asked')).toBeGreaterThanOrEqual(reached('dialled') + 4)
  })

  test('what goes wrong is told as the probes tell it, and the session comes back', () => {
    const told = Object.fromEntries(drill.failures.map(({code, ...one}) => [code, one]))
    expect(told.signaling_error).toEqual({
      count: 1,
      message: 'client A at "login": the server answered "no more users today"',
    })
    expect(told.http_status).toEqual({
      count: 2,
      message: expect.stringMatching(
        /^client A expected "login", got (503|429) {"why":"too much","token":"\[redacted\]"}$/,
      ) as unknown,
    })
    expect(told.closed).toEqual({count: 1, message: 'client A expected "login", got no answer: EOF'})
    expect(Object.fromEntries(drill.refusals.map(({code, count}) => [code, count]))).toEqual({429: 1, 503: 1})
  })

  test('a connection that did not come about is one for each that failed, but for a limit', () => {
    const sum = (name: string) =>
      drill.phases.reduce(
        ({good, total}, {rates}) => ({good: good + (rates[name]?.good ?? 0), total: total + (rates[name]?.total ?? 0)}),
        {good: 0, total: 0},
      )
    const connects = sum('connect_ok')
    expect(connects.total - connects.good).toBe(3)
    expect(sum('rate_limited').good).toBe(1)
  })

  test("the operator's headers go to the target alone, and nobody is shown another's cookies", () => {
    expect(new Set(server.logins.map(({headers}) => headers['x-operator']))).toEqual(new Set(['secret']))
    expect(server.tickets.filter(({headers}) => 'x-operator' in headers)).toEqual([])
    expect([...server.logins, ...server.tickets].filter(({headers}) => 'cookie' in headers)).toEqual([])
    const agents = [...server.logins, ...server.tickets].map(({headers}) => headers['user-agent'])
    expect(new Set(agents)).toEqual(new Set(['rtc-probe (synthetic check)']))
  })

  test('whoever is asked is among the targets', () => {
    expect(drill.targets).toEqual([server.address, server.office])
  })
})

describe('a host that is asked has to be allowed', () => {
  const office = 'https://tickets.example.org'

  test.each([
    ['one that stands in the dialect', `${office}:8443`, /^tickets\.example\.org may not be loaded/],
    [
      'one behind user information',
      'https://localhost@tickets.example.org',
      /^tickets\.example\.org may not be loaded/,
    ],
    ['one before a back-slash', 'https://tickets.example.org\\@localhost', /^tickets\.example\.org may not be loaded/],
    [
      'one that a value makes up',
      'https://{user}',
      /^expected a host that is written out .* got "https:\/\/\{user\}"$/,
    ],
    ['none', 'https://', /^expected a host that is written out .* got "https:\/\/"$/],
  ])('%s', async (_, address, message) => {
    await expect(drillOf('http://127.0.0.1:9', address)).rejects.toThrow(message)
  })

  test('and confirmed', async () => {
    const confirm = (_: unknown, hosts: readonly string[]) => Promise.reject(new Error(`asked for ${hosts.join()}`))
    const yaml = 'drill: {allow: ["*.example.org"]}\n'
    await expect(drillOf('http://127.0.0.1:9', office, {yaml, confirm})).rejects.toThrow(
      'asked for tickets.example.org',
    )
  })
})
