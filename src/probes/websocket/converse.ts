import {randomBytes} from 'node:crypto'
import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {compilePattern} from '../../dialect/pattern.ts'
import {excerpt} from '../excerpt.ts'
import type {Trace} from '../probe.ts'
import {within} from '../within.ts'
import type {WebSocketLink} from './link.ts'
import type {WebsocketOptions} from './options.ts'

/** Sends and expects messages in their order, then times the pings. */
export async function converse(
  link: WebSocketLink,
  {messages, ping, pingTimeout}: WebsocketOptions,
  trace: Trace,
): Promise<void> {
  for (const {send, expect, within: ms} of messages) {
    if (send !== undefined) link.send(send)
    if (expect !== undefined) await expectText(link, {expect, ms}, trace)
  }
  if (ping > 0) await timePings(link, {count: ping, ms: pingTimeout}, trace)
}

/** Waits for a message that matches; a server may say other things before it. */
async function expectText(
  {frames}: WebSocketLink,
  {expect, ms}: {expect: string; ms: number},
  {signal}: Trace,
): Promise<void> {
  const pattern = compilePattern(expect)
  let others = 0
  let last = ''
  const unmet = () => {
    const expected = `expected a message that matches "${expect}" within ${formatMs(ms)}`
    if (others === 0) return new ProbeFailure('timeout', `${expected}, got none`)
    const count = others === 1 ? '1 other' : `${others} others`
    return new ProbeFailure('unexpected_message', `${expected}, got ${count}, the last "${excerpt(last)}"`)
  }
  await within({ms, signal, reason: unmet}, async (signal) => {
    for (;;) {
      const {kind, data} = await frames.take(signal)
      if (kind === 'pong' || typeof data !== 'string') continue
      if (pattern.test(data)) return
      others++
      last = data
    }
  })
}

/** One ping after the other. A lost one is a bad event; only when all are lost has the peer fallen silent. */
async function timePings(link: WebSocketLink, {count, ms}: {count: number; ms: number}, trace: Trace): Promise<void> {
  let lost = 0
  for (let sent = 0; sent < count; sent++) {
    const payload = randomBytes(4).toString('hex')
    const sentAt = trace.now()
    link.ping(payload)
    const arrivedAt = await pong(link, {payload, ms}, trace)
    if (arrivedAt === undefined) lost++
    trace.event({
      indicator: 'ws_ping',
      ...(arrivedAt === undefined ? {ok: false} : {ok: true, value: arrivedAt - sentAt}),
    })
  }
  trace.fact('ws_pings_lost', lost)
  if (lost === count) {
    throw new ProbeFailure('timeout', `expected a pong within ${formatMs(ms)}, got none to ${count} pings`, {
      hint: 'a peer must answer pings (RFC 6455, section 5.5.2): it or a proxy on the way is stuck',
    })
  }
}

/** When the pong with this payload arrived, or undefined when the time is up. */
async function pong(
  {frames}: WebSocketLink,
  {payload, ms}: {payload: string; ms: number},
  {signal}: Trace,
): Promise<number | undefined> {
  const late = new Error('no pong in time')
  try {
    return await within({ms, signal, reason: () => late}, async (signal) => {
      for (;;) {
        const {kind, data, at} = await frames.take(signal)
        if (kind === 'pong' && data === payload) return at
      }
    })
  } catch (error) {
    if (error === late) return undefined
    throw error
  }
}
