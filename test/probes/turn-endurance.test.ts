import {expect, test} from 'vitest'
import {blameOf} from '../../src/core/failure.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {until} from '../fixtures/coturn.ts'
import {
  allocated,
  challenged,
  challengeWith,
  isAllocate,
  KEY,
  refused,
  stunServer,
  success,
  type Behaviour,
  type Exchange,
} from '../fixtures/stun-faults.ts'
import {watchTimers} from '../fixtures/timers.ts'

const {turn} = probes
const ATTEMPTS = 1000
const AT_A_TIME = 250
const TIMEOUT_MS = 400

/** Never lets go of anything: no release is answered, no connection closed. */
const leaking: Behaviour = challenged((exchange) => {
  if (isAllocate(exchange)) exchange.say(success(exchange, allocated, KEY))
})

/** Breaks off at another message each time. */
function resetting(): Behaviour {
  let seen = 0
  return (exchange) => {
    if (seen++ % 5 === 3) exchange.reset()
    else sound(exchange)
  }
}

const sound: Behaviour = challenged((exchange) =>
  exchange.say(success(exchange, isAllocate(exchange) ? allocated : [], KEY)),
)

/** Each answer is another lie. */
function lying(): Behaviour {
  const random = sequence(20_260_730)
  return (exchange) => {
    const lie = lies[Math.floor(random() * lies.length)]
    lie?.(exchange, random)
  }
}

type Lie = (exchange: Exchange, random: () => number) => void

const lies: readonly Lie[] = [
  sound,
  sound, // so that some get past the first steps
  sound,
  (exchange) => exchange.say(success(exchange, [])),
  (exchange) => exchange.say(success(exchange, allocated, Buffer.from('of another'))),
  (exchange) =>
    exchange.say(
      success(
        exchange,
        [
          ['XOR-RELAYED-ADDRESS', ['0.0.0.0', 0]],
          ['LIFETIME', 0],
        ],
        KEY,
      ),
    ),
  (exchange) => exchange.say(success(exchange, [...allocated.slice(0, 2), ['LIFETIME', 2 ** 32 - 1]], KEY)),
  (exchange) => exchange.say(refused(exchange)),
  (exchange) => exchange.say(refused(exchange, [401, ''])),
  (exchange) => exchange.say(refused(exchange, [699, 'x'.repeat(5000)])),
  (exchange) => exchange.say(refused(exchange, [438, 'Stale'], challengeWith('the same again'))),
  (exchange) => exchange.say(refused(exchange, [300, ''], [['ALTERNATE-SERVER', ['127.0.0.1', 9]]])),
  (exchange) => exchange.say(exchange.request.bytes), // an echo
  (exchange) => exchange.say(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
  (exchange) => exchange.say(Buffer.from([0x40, 0x00, 0xff, 0xff])), // ChannelData that never ends
  (exchange) => exchange.say(success(exchange, allocated, KEY).subarray(0, 27)),
  (exchange, random) => exchange.say(altered(success(exchange, allocated, KEY), random)),
  (exchange, random) => exchange.say(altered(refused(exchange, [401, 'Who?'], challengeWith('nonce')), random)),
  (exchange) => {
    sound(exchange)
    sound(exchange)
  },
]

test.each([
  {title: 'leaks', protocol: 'udp', behave: () => leaking},
  {title: 'leaks', protocol: 'tcp', behave: () => leaking},
  {title: 'resets', protocol: 'tcp', behave: resetting},
  {title: 'lies', protocol: 'udp', behave: lying},
  {title: 'lies', protocol: 'tcp', behave: lying},
] as const)(
  'a thousand attempts over $protocol on a server that $title end in time, and leave nothing',
  async ({protocol, behave}) => {
    const {port} = closing(await stunServer(protocol, behave()))
    const address = `turn:127.0.0.1:${port}?transport=${protocol}`
    const options = {credentials: {username: 'u', password: 'p'}, packets: 2, interval: 1}
    const sockets = openSockets()
    const {result: results, left} = await watchTimers(async () => {
      const all: AttemptResult[] = []
      for (let done = 0; done < ATTEMPTS; done += AT_A_TIME) {
        const batch = Array.from({length: AT_A_TIME}, () => attemptOn(turn, {address, options, timeoutMs: TIMEOUT_MS}))
        all.push(...(await Promise.all(batch)))
      }
      return all
    })
    expect(results).toHaveLength(ATTEMPTS)
    const ours = results.flatMap((result) =>
      result.ok || blameOf(result.failure.code) === 'target' ? [] : [result.failure.message],
    )
    expect(ours).toEqual([])
    await until(() => Promise.resolve(openSockets() <= sockets && left() === 0))
  },
  60_000,
)

/** Of this process: the server's own ends go with ours. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(UDP|TCPSocket|TLS)/.test(name)).length
}

function altered(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes)
  for (let change = 0; change < 3; change++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
  return copy
}

/** The same numbers every time (a linear congruential generator with the constants of Numerical Recipes). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
