import {describe, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {runCli} from '../fixtures/cli.ts'
import {connectProxy} from '../fixtures/connect-proxy.ts'
import {closedTcp, silentTcp} from '../fixtures/fault-server.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

const {http, websocket, socketio} = probes

describe('through an HTTP proxy', () => {
  test('go http, websocket and every connection of socketio; the proxy resolves the name', async () => {
    const proxy = closing(await connectProxy())
    const page = closing(await serveHttp((_request, response) => response.end('ok')))
    const socket = closing(await serveWebSocket())
    const chat = closing(await videoChatServer())
    const options = {proxy: proxy.url}
    const named = `http://chat.test:${page.port}`
    expect(await attemptOn(http, {address: named, options})).toMatchObject({
      ok: true,
      facts: {proxy: new URL(proxy.url).host},
    })
    expect(await attemptOn(websocket, {address: socket.address, options})).toMatchObject({ok: true})
    const transports = ['polling', 'websocket']
    expect(await attemptOn(socketio, {address: chat.url, options: {...options, transports}})).toMatchObject({ok: true})
    expect(new Set(proxy.asked)).toEqual(
      new Set([`chat.test:${page.port}`, `127.0.0.1:${socket.port}`, new URL(chat.url).host]),
    )
  })

  test('TLS ends at the target: its certificate is verified, by the name of the target', async () => {
    const proxy = closing(await connectProxy())
    const {ca, ...tls} = await makeCertificate({names: ['chat.test']})
    const {port} = closing(await serveHttp((_request, response) => response.end(), {tls}))
    const options = {proxy: proxy.url, ca}
    expect(await attemptOn(http, {address: `https://chat.test:${port}`, options})).toMatchObject({ok: true})
    expect(await attemptOn(http, {address: `https://other.test:${port}`, options})).toMatchObject({
      failure: {code: 'tls_wrong_name'},
    })
  })

  test('one node is connected to where it was named', async () => {
    const proxy = closing(await connectProxy())
    const page = closing(await serveHttp(({headers}, response) => response.end(headers.host)))
    const options = {proxy: proxy.url, connectTo: `127.0.0.1:${page.port}`, expect: {body: '^chat\\.invalid$'}}
    expect(await attemptOn(http, {address: 'http://chat.invalid', options})).toMatchObject({ok: true})
    expect(proxy.asked).toEqual([`127.0.0.1:${page.port}`])
  })

  test('what is wrong with the proxy is not told of the target, and its password shows nowhere', async () => {
    const proxy = closing(await connectProxy({credentials: 'me:open sesame'}))
    const page = closing(await serveHttp((_request, response) => response.end('ok')))
    const withUser = (user: string) => ({proxy: proxy.url.replace('//', `//${user}@`)})
    const right = await attemptOn(http, {address: page.address, options: withUser('me:open%20sesame')})
    expect(right).toMatchObject({ok: true})
    const wrong = await attemptOn(http, {address: page.address, options: withUser('me:another')})
    expect(wrong).toMatchObject({
      failure: {code: 'proxy_failed', phase: 'connect', message: expect.stringMatching(/got 407 Proxy/) as unknown},
      events: [],
    })
    expect(JSON.stringify([right, wrong])).not.toMatch(/sesame|another|bWU6/)
    const closed = await closedTcp()
    const gone = {proxy: `http://127.0.0.1:${closed.port}`}
    expect(await attemptOn(http, {address: page.address, options: gone})).toMatchObject({
      failure: {code: 'proxy_failed', message: expect.stringMatching(/connection refused/) as unknown},
    })
    const silent = closing(await silentTcp())
    const mute = {address: page.address, options: {proxy: `http://127.0.0.1:${silent.port}`}, timeoutMs: 1000}
    expect(await attemptOn(http, mute)).toMatchObject({failure: {code: 'timeout', phase: 'connect'}})
  })

  test('a target that the proxy cannot reach is unreachable', async () => {
    const proxy = closing(await connectProxy())
    const closed = await closedTcp()
    const address = `http://127.0.0.1:${closed.port}`
    expect(await attemptOn(http, {address, options: {proxy: proxy.url}})).toMatchObject({
      failure: {code: 'unreachable', message: `the proxy cannot reach 127.0.0.1:${closed.port}: 502 Bad Gateway`},
    })
  })
})

test('the proxy of the environment is used when asked for, and only then', async () => {
  const proxy = closing(await connectProxy({credentials: 'me:open-sesame'}))
  const page = closing(await serveHttp((_request, response) => response.end('ok')))
  const env = {http_proxy: proxy.url.replace('//', '//me:open-sesame@')}
  expect(await runCli(['http', page.address], {env})).toMatchObject({code: 0})
  expect(proxy.asked).toEqual([])
  const asked = await runCli(['http', page.address, '--proxy-from-env', '--json'], {env})
  expect(asked).toMatchObject({code: 0, stdout: expect.not.stringContaining('sesame') as unknown})
  expect(proxy.asked).toEqual([`127.0.0.1:${page.port}`])
  const exempt = {...env, NO_PROXY: 'localhost,127.0.0.0/8'}
  expect(await runCli(['http', page.address, '--proxy-from-env'], {env: exempt})).toMatchObject({code: 0})
  expect(proxy.asked).toHaveLength(1)
}, 30_000)
