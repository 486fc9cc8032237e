import {expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import type {Probe} from '../../src/probes/probe.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {ackDialect, pingDialect} from '../fixtures/dialects.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

/** As long as a token is: what is shown of an answer ends in the middle of it. */
const TOKEN = `canary ${'/T0ken+'.repeat(60)}`
const HEADER = `canary-${'T0ken'.repeat(80)}`
const PASSWORD = 'canary:pass'
const basic = {basic: {username: 'u', password: PASSWORD}}

/** All that an attempt tells, as a report has it. */
async function reportOn(probe: Probe, address: string, options: object): Promise<string> {
  const secrets = [TOKEN, HEADER, PASSWORD]
  return JSON.stringify(await attemptOn(probe, {address, options: {...options}, secrets}))
}

const canary = new RegExp(['canary', 'T0ken', Buffer.from(`u:${PASSWORD}`).toString('base64').slice(0, 8)].join('|'))

const transports: [name: string, probe: Probe, options: object][] = [
  ['http', probes.http, {}],
  ['websocket', probes.websocket, {query: {token: TOKEN}}],
  ['socketio', probes.socketio, {query: {token: TOKEN}}],
  ['socketio over polling', probes.socketio, {query: {token: TOKEN}, transports: ['polling']}],
  ['signaling', probes.signaling, {dialect: {...ackDialect, transport: {kind: 'socket.io', query: {token: TOKEN}}}}],
  [
    'signaling over a plain WebSocket',
    probes.signaling,
    {dialect: {...pingDialect, transport: {kind: 'ws', query: {token: TOKEN}}}},
  ],
]

test.each(transports)(
  '%s: a refusal that repeats the request shows none of its secrets',
  async (_name, probe, options) => {
    const server = closing(
      await serveHttp((request, response) => {
        const {authorization = '', 'x-key': key = ''} = request.headers
        response.writeHead(401, {server: String(key)}).end(`${request.url} ${authorization} ${String(key)}`)
      }),
    )
    for (const headers of [{}, {'x-key': HEADER}]) {
      for (const auth of [basic, {bearer: HEADER}]) {
        const report = await reportOn(probe, server.address, {...options, headers, auth})
        expect(report).toContain('401')
        expect(report).not.toMatch(canary)
      }
    }
  },
)

test.each([['websocket'], ['polling']])('a refused namespace over %s shows no auth payload', async (transport) => {
  const refuse = (auth: unknown) => Object.assign(new Error(`no ${JSON.stringify(auth)}`), {data: auth})
  const prepare: Parameters<typeof videoChatServer>[0] = {
    prepare: (io) => io.use(({handshake}, next) => next(refuse(handshake.auth))),
  }
  const server = closing(await videoChatServer(prepare))
  for (const client of ['own', 'official']) {
    const report = await reportOn(probes.socketio, server.url, {
      payload: {token: TOKEN},
      transports: [transport],
      client,
    })
    expect(report).toContain('connect_error')
    expect(report).not.toMatch(canary)
  }
})

test('neither messages that are kept, nor those that come instead, nor the reason of a close show one', async () => {
  const server = closing(
    await serveWebSocket((socket, request) => {
      socket.send(`you said ${request.url}`)
      socket.send(JSON.stringify({echo: TOKEN, [HEADER]: TOKEN}))
      socket.on('message', () => socket.close(4000, HEADER.slice(0, 123)))
    }),
  )
  const dialect = {
    ...pingDialect,
    transport: {kind: 'ws', query: {token: TOKEN}},
    open: [{send: {json: {token: TOKEN}}}, {expect: {where: {'$.ok': true}}}],
  }
  const kept = await reportOn(probes.signaling, server.address, {dialect, frames: true})
  expect(kept).toContain('frames')
  expect(kept).not.toMatch(canary)
  const messages = [{expect: 'never', within: 100}]
  const instead = await reportOn(probes.websocket, server.address, {messages, query: {token: TOKEN}})
  expect(instead).toContain('unexpected_message')
  expect(instead).not.toMatch(canary)
})
