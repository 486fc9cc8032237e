import {randomBytes} from 'node:crypto'
import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {compilePattern} from '../../dialect/pattern.ts'
import {excerpt} from '../excerpt.ts'
import type {Trace} from '../probe.ts'
import type {Inbox} from './inbox.ts'
import type {WebSocketLink} from './open.ts'
import type {WebsocketOptions} from './options.ts'

/** Sends and expects messages in their order, then times the pings. */
export async function converse(
  {socket, inbox}: WebSocketLink,
  {messages, ping, pingTimeout}: WebsocketOptions,
  trace: Trace,
): Promise<void> {
  for (const {send, expect, within} of messages) {
    if (send !== undefined) socket.send(send)
    if (expect !== undefined) await expectText(inbox, {expect, within}, trace)
  }
  if (ping > 0) await timePings({socket, inbox}, {count: ping, withinMs: pingTimeout}, trace)
}

/** Waits for a message that matches; a server may say other things before it. */
async function expectText(
  inbox: Inbox,
  {expect, within}: {expect: string; within: number},
  trace: Trace,
): Promise<void> {
  const pattern = compilePattern(expect)
  const until = trace.now() + within
  let others = 0
  let last = ''
  for (;;) {
    const text = await inbox.text(Math.max(0, until - trace.now()))
    if (text !== undefined && pattern.test(text)) return
    if (text === undefined) break
    others++
    last = text
  }
  const expected = `expected a message that matches "${expect}" within ${formatMs(within)}`
  if (others === 0) throw new ProbeFailure('timeout', `${expected}, got none`)
  throw new ProbeFailure(
    'unexpected_message',
    `${expected}, got ${others} ${others === 1 ? 'other' : 'others'}, the last "${excerpt(last)}"`,
  )
}

/** One ping after the other. A lost one is a bad event; only when all are lost has the peer fallen silent. */
async function timePings(
  {socket, inbox}: WebSocketLink,
  {count, withinMs}: {count: number; withinMs: number},
  trace: Trace,
): Promise<void> {
  let lost = 0
  for (let sent = 0; sent < count; sent++) {
    const payload = randomBytes(8)
    const sentAt = trace.now()
    socket.ping(payload)
    const arrivedAt = await inbox.pong(payload.toString('latin1'), withinMs)
    if (arrivedAt === undefined) lost++
    trace.event({
      indicator: 'ws_ping',
      ...(arrivedAt === undefined ? {ok: false} : {ok: true, value: arrivedAt - sentAt}),
    })
  }
  trace.fact('ws_pings_lost', lost)
  if (lost === count) {
    throw new ProbeFailure('timeout', `expected a pong within ${formatMs(withinMs)}, got none to ${count} pings`, {
      hint: 'a peer must answer pings (RFC 6455, section 5.5.2): it or a proxy on the way is stuck',
    })
  }
}
