import {describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {UserError} from '../../src/core/errors.ts'
import {drillOf, type DrillWishes} from '../../src/drill-plan.ts'
import {describePlan} from '../../src/drill/describe-plan.ts'
import type {Machine} from '../../src/drill/machine.ts'
import type {DrillPlan} from '../../src/drill/plan.ts'
import {scenarioNames, scenarios, type Scenario} from '../../src/drill/scenarios.ts'
import {shortagesOf} from '../../src/drill/shortages.ts'
import {configFolder} from '../fixtures/config-folder.ts'

async function drill(profile: string, wishes: Partial<DrillWishes> = {}, yaml = ''): Promise<DrillPlan> {
  const addresses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'video-chat': {backend: 'http://localhost:3001'},
    'chat-backend': {backend: 'http://localhost:3001', messages: 'http://localhost:3001'},
    nova: {service: 'http://localhost:8080', socket: 'ws://localhost:8080/ws'},
    colink: {gateway: 'http://localhost:8000'},
    bambisleep: {app: 'http://localhost:3000', socket: 'ws://localhost:3000/'},
  }
  const cwd = configFolder({'probe.yaml': `profile: ${profile}\n${yaml}`})
  const plan = await loadPlan({flags: {targets: addresses[profile]}, env: {}, cwd})
  return drillOf(plan, {scenario: 'signaling', pace: {}, socketsPerVu: 10, ...wishes}).plan
}

const sizes = ({sizing}: DrillPlan) =>
  Object.fromEntries(sizing.dimensions.map(({dimension, value, assumed}) => [dimension, assumed ? [value] : value]))

describe('a drill is sized by the documented peak', () => {
  test('chat-backend: twice each documented dimension, the rest derived and said to be assumed', async () => {
    const plan = await drill('chat-backend', {scenario: 'mixed'})
    expect(sizes(plan)).toEqual({
      connections: 2000,
      connects_per_second: 20,
      messages_per_second: 200,
      round_trip_interval_ms: [10_000],
      session_ms: [100_000],
      requests_per_second: 200,
    })
  })

  test('video-chat: one session is one socket, and a pair two', async () => {
    const plan = await drill('video-chat')
    expect(sizes(plan)).toMatchObject({connections: 2000, session_ms: [60_000], round_trip_interval_ms: [10_000]})
    expect(plan.sizing.sockets?.sessions).toBe(1000)
  })

  test('bambisleep: virtual users are a closed model', async () => {
    const plan = await drill('bambisleep', {scenario: 'http'})
    expect(plan.sizing.requests).toEqual({model: 'closed', vus: 20, thinkMs: 1000})
  })

  test('--factor, --peak and what the config says overrule the profile', async () => {
    expect(sizes(await drill('video-chat', {factor: 3}))).toMatchObject({connections: 3000})
    expect(sizes(await drill('video-chat', {peak: ['connections=50']}))).toMatchObject({connections: 100})
    expect(sizes(await drill('video-chat', {}, 'peak: {sessions: 10, factor: 4}'))).toMatchObject({connections: 40})
  })

  test('requests before the sockets are derived from how often a session connects', async () => {
    const before = 'before: [{request: {path: /login}}, {request: {path: "https://tickets.example.org/"}}]'
    const plan = await drill('chat-backend', {lifeMs: 10_000}, `dialect: {${before}}`)
    expect(sizes(plan)).toMatchObject({connects_per_second: [200], connect_requests_per_second: [400]})
    expect(plan.targets).toEqual(['http://localhost:3001', 'https://tickets.example.org'])
  })

  test('sessions that begin by polling ask more', async () => {
    const transports = 'dialect: {transport: {transports: [polling, websocket]}}'
    const plan = await drill('chat-backend', {lifeMs: 10_000, polling: 0.5}, transports)
    expect(sizes(plan)).toMatchObject({connects_per_second: [200], connect_requests_per_second: [400]})
    expect(plan.sizing.sockets).toMatchObject({polling: 0.5})
  })

  test.each([
    ['nova', 'signaling', '', /^--polling: expected a dialect over Socket\.IO, got one over plain WebSocket$/],
    ['chat-backend', 'signaling', '', /whose clients poll first and upgrade, got one with websocket only$/],
    ['chat-backend', 'signaling', 'dialect: {transport: {transports: [polling]}}', /got one with polling only$/],
    ['chat-backend', 'http', '', /^--polling: expected a scenario with sockets/],
  ] as const)('and %s (%s) with "%s" is refused', async (...[profile, scenario, yaml, message]) => {
    await expect(drill(profile, {scenario, polling: 0.5, peak: ['connections=10']}, yaml)).rejects.toThrow(message)
  })

  test('a documented rate of messages gives the interval', async () => {
    const plan = await drill('chat-backend', {peak: ['messages_per_second=500']})
    expect(sizes(plan)).toMatchObject({round_trip_interval_ms: [2000]})
  })

  test('relayed calls are given, or half of the connections and said to be assumed', async () => {
    const turn = 'targets: {turn: "turn:localhost"}\n'
    const given = await drill('video-chat', {scenario: 'turn', peak: ['relayed_calls=50']}, turn)
    expect(sizes(given)).toEqual({
      relayed_calls: 100,
      packets_per_second: [5000],
      packet_bytes: [160],
      session_ms: [60_000],
    })
    expect(given.resources).toMatchObject({vus: 1, ports: 200})
    expect(given.targets).toEqual(['turn:localhost'])
    const derived = await drill('video-chat', {scenario: 'turn', packets: {rate: 25, size: 400}}, turn)
    expect(sizes(derived)).toMatchObject({relayed_calls: [1000], packets_per_second: 25_000, packet_bytes: 400})
  })

  test.each(['colink', 'nova'])('%s documents no peak: the error says the three ways to give one', async (profile) => {
    const refused = drill(profile, {scenario: 'http'})
    await expect(refused).rejects.toBeInstanceOf(UserError)
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('no peak of requests_per_second') as string,
      hint: expect.stringMatching(/probe\.yaml.*--peak requests_per_second=1000.*--peak-from prometheus/) as string,
    })
  })

  test.each(['connections', 'connections=0', 'connections=-1', 'users=5', 'connections=many'])(
    'a peak of "%s" is refused',
    async (peak) => {
      await expect(drill('video-chat', {peak: [peak]})).rejects.toThrow(/^--peak: expected NAME=NUMBER/)
    },
  )
})

describe('the stages of a drill', () => {
  test.each(scenarioNames)('%s: they follow one another, begin at nothing, and something is judged', (name) => {
    const scenario: Scenario = scenarios[name]
    const phases = scenario.phases(scenario.pace, 0.5)
    expect(phases[0]).toMatchObject({startMs: 0, from: 0})
    expect(phases.at(-1)?.to).toBe(0)
    for (const [index, {endMs}] of phases.slice(0, -1).entries()) expect(phases[index + 1]?.startMs).toBe(endMs)
    expect(phases.some(({judged}) => judged)).toBe(true)
    expect(Math.max(...phases.map(({to}) => to))).toBe(1)
  })

  test('the ramp takes as long as the documented connect rate needs', async () => {
    const {phases} = await drill('chat-backend')
    expect(phases.find(({name}) => name === 'ramp')).toMatchObject({startMs: 10_000, endMs: 110_000})
  })

  test('a spike rises from the ordinary peak', async () => {
    const {phases} = await drill('chat-backend', {scenario: 'spike', factor: 4})
    expect(phases.find(({name}) => name === 'spike')).toMatchObject({from: 0.25, to: 1, judged: true})
  })

  test('stages can be left out and stretched', async () => {
    const {phases, durationMs} = await drill('chat-backend', {
      pace: {warmUpMs: 0, rampMs: 2000, steadyMs: 5000, downMs: 0},
    })
    expect(phases.map(({name}) => name)).toEqual(['ramp', 'steady'])
    expect(durationMs).toBe(7000)
  })
})

test.for([
  {load: '500 sockets', perVu: 100, wishes: {factor: 0.5}},
  {load: '2000 sockets', perVu: 200, wishes: {}},
  {load: '2000 sockets that speak often', perVu: 50, wishes: {intervalMs: 40}},
  {load: '12 000 sockets', perVu: 400, wishes: {factor: 12}},
  {load: '12 000 sockets that speak often', perVu: 100, wishes: {factor: 12, intervalMs: 200}},
  {load: '12 000 sockets of many processes', perVu: 300, wishes: {factor: 12, processes: 40}},
  {load: 'as many as were asked for', perVu: 7, wishes: {factor: 12, socketsPerVu: 7}},
])('a virtual user has the sockets that one loop can hold: $load', async ({perVu, wishes}) => {
  const {resources} = await drill('chat-backend', {socketsPerVu: undefined, ...wishes})
  expect(resources.socketsPerVu).toBe(perVu)
})

test('what was measured takes memory until a drill ends: most of it that of requests', async () => {
  const soak = async (scenario: 'signaling' | 'mixed', steadyMs: number) =>
    (await drill('chat-backend', {scenario, pace: {steadyMs}})).resources.memoryBytes
  const more = async (scenario: 'signaling' | 'mixed') =>
    (await soak(scenario, 3_660_000)) - (await soak(scenario, 60_000))
  const [signaling, mixed] = [await more('signaling'), await more('mixed')]
  expect(signaling / 720_000).toBeGreaterThan(90) // 200 round trips and 20 connects a second, for an hour more
  expect(signaling / 720_000).toBeLessThan(150)
  expect(mixed - signaling).toBeCloseTo(720_000 * 17 * 33, -6)
})

test('the open files of a process are those of the one with the most virtual users', async () => {
  const {resources} = await drill('chat-backend', {factor: 6, socketsPerVu: 1000, processes: 4})
  expect(resources).toMatchObject({vus: 6, fds: 2000 + 60})
})

const machine: Machine = {cores: 4, availableBytes: 8e9, ports: 28_000, files: 20_000}

test('the page of a plan tells load, stages, generator and time', async () => {
  const beginsAt = new Date('2026-03-01T12:00:00Z')
  const text = describePlan(await drill('chat-backend', {scenario: 'mixed'}), {beginsAt, machine})
  expect(text).toMatch(/^mixed drill of chat-backend at 2 x its peak, against http:\/\/localhost:3001\n/)
  expect(text).toMatch(/session +100 s +assumed: connections \/ connects_per_second/)
  expect(text).toMatch(/steady +110 s to 6\.8 min +100 %, judged/)
  expect(text).toMatch(/virtual users +200 +10 sockets each/)
  expect(text).toMatch(/virtual users +1000 +for requests, at most/)
  expect(text).toMatch(/ports +3000/)
  expect(text).toMatch(/open files +3060/)
  expect(text).toMatch(/memory +[\d.]+ MB +assumed: see "drill calibrate"/)
  expect(text).toMatch(/cores +0\.4 of 4 +assumed: see "drill calibrate"/)
  expect(text).toMatch(/traffic +[\d.]+ MB out, [\d.]+ MB in/)
  expect(text).toMatch(/ends +2026-03-01/)
  expect(text).not.toContain('This machine')
})

test('a rate below one in ten seconds is told all the same', async () => {
  const plan = await drill('chat-backend', {peak: ['connects_per_second=0.01']})
  expect(describePlan(plan, {beginsAt: new Date(), machine})).toMatch(/connects_per_second +0\.02 /)
})

describe('what the generator needs of the processor', () => {
  const calibration = {
    at: '2026-02-03T04:05:06.000Z',
    baseBytes: 50e6,
    socketBytes: 100e3,
    idleCpuMs: 10,
    connectCpuMs: 5,
    roundTripCpuMs: 1,
    requestCpuMs: 2,
  }
  const cores = async (wishes: Partial<DrillWishes>) =>
    (await drill('chat-backend', {calibration, ...wishes})).resources.cores

  test('is every connect, round trip and request of the full load', async () => {
    // 20 connects, 200 round trips and 200 requests a second
    expect(await cores({scenario: 'signaling'})).toBeCloseTo((10 + 20 * 5 + 200) / 1000)
    expect(await cores({scenario: 'http'})).toBeCloseTo((10 + 200 * 2) / 1000)
    expect(await cores({scenario: 'mixed'})).toBeCloseTo((10 + 20 * 5 + 200 + 200 * 2) / 1000)
  })

  test('is that of the surge, where all come within seconds', async () => {
    // 2000 connects more in the ten seconds that the gate looks at
    expect(await cores({scenario: 'connect-storm'})).toBeCloseTo((10 + 20 * 5 + 200 + 200 * 5) / 1000)
    expect(await cores({scenario: 'spike'})).toBeCloseTo((10 + 20 * 5 + 200 + 100 * 5) / 1000)
  })

  test('of relayed calls is what their packets need', async () => {
    const turn = {scenario: 'turn', peak: ['relayed_calls=130']} as const
    const plan = await drill('video-chat', turn, 'targets: {turn: "turn:localhost"}\n')
    expect(plan.resources.cores).toBeCloseTo(1) // 260 calls of 50 packets a second
  })

  test('is more than the machine may use: the plan says so, and what to do', async () => {
    const wishes = {scenario: 'mixed', factor: 20} as const
    const beginsAt = new Date()
    const assumed = describePlan(await drill('chat-backend', wishes), {beginsAt, machine})
    expect(assumed).toMatch(
      /This machine may be too small \(assumed\): this drill needs about 3\.6 cores, and its generator is believed up to 3\.2 of 4 \(80 %\)\n {2}load less/,
    )
    const known = {...wishes, calibration}
    const calibrated = describePlan(await drill('chat-backend', known), {beginsAt, machine})
    expect(calibrated).toMatch(/cores +7 of 4 +calibrated on 2026-02-03/)
    expect(calibrated).toMatch(/This machine is too small: this drill needs about 7\.0 cores/)
  })
})

describe('what a plan needs and the machine lacks', () => {
  const of = async (wishes: Partial<DrillWishes>, less: Partial<Machine>, limits?: Parameters<typeof shortagesOf>[2]) =>
    shortagesOf(await drill('chat-backend', wishes), {...machine, ...less}, limits).map((one) => one.of)

  test('nothing, on one that is large enough', async () => {
    expect(await of({scenario: 'mixed'}, {})).toEqual([])
  })

  test.each<[string, Partial<Machine>, string]>([
    ['files, of which a tenth stays free', {files: 2200}, 'files'],
    ['ports', {ports: 1999}, 'ports'],
    ['memory', {availableBytes: 250e6}, 'memory'],
    ['cores, of which a fifth stays free', {cores: 0.2}, 'cores'],
  ])('%s', async (_, less, what) => {
    expect(await of({}, less)).toEqual([what])
  })

  test('the limits of the command line are those of its plan', async () => {
    expect(await of({}, {cores: 0.2}, {cpu: 1})).toEqual([])
    expect(await of({}, {ports: 1999}, {localIps: true})).toEqual([])
  })
})

test('the check and the weights of the configuration choose what is loaded', async () => {
  const plan = await drill('chat-backend', {scenario: 'http'}, 'drill: {requests: {health: 9, database: 1}}')
  expect(plan.targets).toEqual(['http://localhost:3001'])
  await expect(drill('chat-backend', {scenario: 'http'}, 'drill: {requests: {nothing: 1}}')).rejects.toThrow(
    'drill.requests: expected an http check with an address, got "nothing"',
  )
  await expect(drill('chat-backend', {}, 'drill: {sockets: health}')).rejects.toThrow(
    'drill.sockets: expected a signaling check with an address, got "health"',
  )
})
