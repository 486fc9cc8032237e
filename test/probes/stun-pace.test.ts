import {expect, test} from 'vitest'
import {Pace} from '../../src/probes/stun/pace.ts'
import {StunSession} from '../../src/probes/stun/session.ts'
import {encodeRequest} from '../../src/probes/stun/message.ts'
import {openTransport} from '../../src/probes/stun/transport.ts'
import {parseStunUri} from '../../src/probes/stun/uri.ts'
import {closing} from '../fixtures/closing.ts'
import {stunServer, success} from '../fixtures/stun-faults.ts'
import {quietTrace} from '../fixtures/trace.ts'

test.each<{title: string; answers: readonly [ms: number, sends: number][]; rtoMs: number}>([
  {title: 'is that of RFC 8489 on an unknown path', answers: [], rtoMs: 500},
  {title: 'is three round trips after the first answer (RFC 6298)', answers: [[80, 1]], rtoMs: 240},
  {
    title: 'falls as answers are alike',
    answers: [
      [80, 1],
      [80, 1],
    ],
    rtoMs: 200,
  },
  {title: 'is never shorter than a server may be at work', answers: [[1, 1]], rtoMs: 100},
  {title: 'is never longer than on an unknown path', answers: [[900, 1]], rtoMs: 500},
  {title: 'learns nothing from a request that was sent twice (Karn)', answers: [[501, 2]], rtoMs: 500},
  {
    title: 'is longer after a request that may have been sent again too early, until the next sample',
    answers: [
      [10, 1],
      [150, 2],
    ],
    rtoMs: 200,
  },
  {
    title: 'is back once one was answered in time',
    answers: [
      [10, 1],
      [150, 2],
      [10, 1],
    ],
    rtoMs: 100,
  },
])('the first interval between two sends $title', ({answers, rtoMs}) => {
  const pace = new Pace()
  for (const [ms, sends] of answers) pace.answered({ms, sends})
  expect(pace.rtoMs).toBe(rtoMs)
})

test('a lost request is sent again sooner where the way is known', async () => {
  const arrivals = new Map<string, number[]>()
  let known = false
  const {port} = closing(
    await stunServer('udp', (exchange) => {
      const id = exchange.request.transactionId.toString('hex')
      const times = [...(arrivals.get(id) ?? []), performance.now()]
      arrivals.set(id, times)
      if (times.length > 1 || known) exchange.say(success(exchange))
    }),
  )
  const trace = quietTrace()
  const session = closing(
    new StunSession(await openTransport({server: parseStunUri(`stun:127.0.0.1:${port}`)}, trace), trace),
  )
  const ask = async (answersAtOnce: boolean) => {
    known = answersAtOnce
    await session.request(encodeRequest('Binding'), trace)
  }
  await ask(false)
  for (let n = 0; n < 5; n++) {
    await ask(true)
    await ask(false) // five times, as a slow machine may be late for some
  }
  const gaps = [...arrivals.values()].flatMap(([first = 0, again]) => (again === undefined ? [] : [again - first]))
  const [unknown = 0, ...later] = gaps
  expect(later).toHaveLength(5)
  expect(Math.min(...later)).toBeLessThan(unknown)
})
