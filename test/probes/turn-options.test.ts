import {ZodError, z} from 'zod'
import {describe, expect, test} from 'vitest'
import {echoPlan} from '../../src/probes/turn/echo-plan.ts'
import {turnSpec} from '../../src/probes/turn/options.ts'
import {credentialsFor, expiresInS, mintCredentials} from '../../src/probes/turn/credentials.ts'

describe('options of a turn check', () => {
  test('without any, fifty packets of speech size go every 20 ms', () => {
    const options = turnSpec.options.parse({})
    expect(options).toMatchObject({echo: true, size: 160, redirects: 3, srv: true})
    expect(echoPlan(options)).toEqual({packets: 50, intervalMs: 20, size: 160})
    expect(turnSpec.takesMs?.(options)).toBe(1000)
    expect(turnSpec.owes(options)).toEqual({turn_allocation: 1, turn_echo: 50})
  })

  test('without an echo only the allocation is owed', () => {
    const options = turnSpec.options.parse({echo: false})
    expect(turnSpec.owes(options)).toEqual({turn_allocation: 1})
    expect(turnSpec.takesMs?.(options)).toBe(0)
  })

  test.each([
    [{rate: 100}, {packets: 50, intervalMs: 10}],
    [
      {rate: 100, packets: 7},
      {packets: 7, intervalMs: 10},
    ],
    [
      {rate: 30, duration: '2s'},
      {packets: 60, intervalMs: 1000 / 30},
    ],
    [
      {duration: '1s', interval: '40ms'},
      {packets: 25, intervalMs: 40},
    ],
    [{duration: '1ms'}, {packets: 1, intervalMs: 20}],
  ])('%j is a timetable', (input, plan) => {
    expect(echoPlan(turnSpec.options.parse(input))).toMatchObject(plan)
  })

  test('credentials are long-term or minted', () => {
    expect(turnSpec.options.parse({credentials: {username: 'u', password: 'p'}}).credentials).toEqual({
      username: 'u',
      password: 'p',
    })
    expect(turnSpec.options.parse({credentials: {secret: 's'}}).credentials).toEqual({
      secret: 's',
      user: 'probe',
      ttlMs: 600_000,
    })
  })

  test.each([
    [{credentials: {username: 'u'}}, 'credentials: expected username and password, or secret, got username alone'],
    [{credentials: {}}, 'credentials: expected username and password, or secret, got none of them'],
    [
      {credentials: {username: 'u', password: 'p', secret: 's'}},
      'credentials: expected username and password, or secret, got username and password and secret',
    ],
    [{packets: 0}, 'packets: Too small: expected number to be >=1'],
    [{packets: 1e6}, 'packets: Too big: expected number to be <=20000'],
    [{packets: 10_000, interval: '1s'}, 'packets: expected packets that take 4m at most'],
    [{packets: 10, duration: '1s'}, 'duration: expected packets or duration, got both'],
    [{rate: 100, interval: '1s'}, 'rate: expected rate or interval, got both'],
    [{rate: 0}, 'rate: Too small: expected number to be >=1'],
    [{rate: 1001}, 'rate: Too big: expected number to be <=1000'],
    [{duration: '5m'}, 'duration: expected a duration from 1ms to 4m'],
    [{duration: 0}, 'duration: expected a duration from 1ms to 4m'],
    [{rate: 1000, duration: '3m'}, 'duration: expected at most 20000 packets in that time at that rate'],
    [{throughput: 0}, 'throughput: Too small: expected number to be >=1'],
    [{throughput: 9, echo: false}, 'throughput: expected an echo where throughput is measured'],
    [{redirects: -1}, 'redirects: Too small: expected number to be >=0'],
    [{connectTo: '127.0.0.1:0'}, 'connectTo: expected a port of 1 to 65535, got 0'],
    [{interval: 0}, 'interval: expected at least 1ms'],
    [{interval: 'soon'}, 'interval: expected a duration such as "500ms", "5s" or "1m30s", got "soon"'],
    [{size: 8}, 'size: Too small: expected number to be >=20'],
    [{echoes: 1}, ': Unrecognized key: "echoes"'],
  ])('%j is rejected', (input, message) => {
    expect(messageOf(input)).toBe(message)
  })

  test('have a JSON Schema that marks every secret', () => {
    const schema = JSON.stringify(z.toJSONSchema(turnSpec.options, {io: 'input'}))
    expect(schema.match(/"secret":true/g)).toHaveLength(3) // password, secret, key
  })
})

describe('credentials of the TURN REST API', () => {
  test('are an expiry with a name, and its HMAC-SHA1', () => {
    // openssl: printf 1433895918:probe | openssl dgst -sha1 -hmac north -binary | base64
    expect(mintCredentials({secret: 'north', user: 'probe', ttlMs: 600_000}, 1_433_895_318_000)).toEqual({
      username: '1433895918:probe',
      password: 'myxtLnmqxApnKZKhCrWR+flvS18=',
    })
  })

  test('a minted password is a secret of the attempt', () => {
    const secrets: string[] = []
    const trace = {wallClock: () => now, secret: (value: string) => void secrets.push(value)}
    const {username, password} = credentialsFor({secret: 'north', user: 'probe', ttlMs: 60_000}, trace)
    expect(username).toBe('1800000060:probe')
    expect(secrets).toEqual([password])
  })

  const now = 1_800_000_000_000
  test.each([
    ['1800000600:probe', 600],
    ['1799999688:probe', -312],
    ['1800000060.probe', 60],
    ['1800000060probe', 60],
    ['1800000060', 60],
    ['probe:1800000060', undefined],
    ['1234567890', undefined], // 2009: someone's number
    ['18000000601', undefined],
    ['alice', undefined],
  ])('%s expires in %s s', (username, leftS) => {
    expect(expiresInS({username, password: ''}, now)).toBe(leftS)
  })
})

function messageOf(input: unknown): string {
  try {
    turnSpec.options.parse(input)
  } catch (error) {
    if (error instanceof ZodError)
      return error.issues.map(({path, message}) => `${path.join('.')}: ${message}`).join('; ')
    throw error
  }
  return 'accepted'
}
