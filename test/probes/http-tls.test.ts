import type {Socket} from 'node:net'
import {describe, expect, test} from 'vitest'
import {makeCertificate, type CertificateOptions} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {closing} from '../fixtures/closing.ts'
import {closedTcp, silentTcp, tcpFault} from '../fixtures/fault-server.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'

const {http} = probes
const DAY_MS = 86_400_000

describe('over TLS', () => {
  test('a trusted certificate passes, and its end is a fact', async () => {
    const {ca, ...tls} = await makeCertificate({days: 7})
    const server = closing(await serveHttp((_request, response) => response.end(), {tls}))
    const result = await attemptOn(http, {address: server.address, options: {ca}})
    expect(result).toMatchObject({ok: true, facts: {tls_version: 'TLSv1.3'}})
    const expiresAt = Number(result.facts.tls_expires_at)
    expect(Math.abs(expiresAt - (Date.now() + 7 * DAY_MS) / 1000)).toBeLessThan(120)
    expect(result.phases.find(({name}) => name === 'tls')?.ms).toBeGreaterThan(0)
  })

  test.each<{title: string; certificate: CertificateOptions; trusting: boolean; code: string}>([
    {
      title: 'that has expired',
      certificate: {notBefore: new Date(Date.now() - 9 * DAY_MS), days: 7},
      trusting: true,
      code: 'tls_expired',
    },
    {
      title: 'that is not valid yet',
      certificate: {notBefore: new Date(Date.now() + 2 * DAY_MS)},
      trusting: true,
      code: 'tls_not_yet_valid',
    },
    {title: 'for another name', certificate: {names: ['other.test']}, trusting: true, code: 'tls_wrong_name'},
    {title: 'that signed itself', certificate: {selfSigned: true}, trusting: false, code: 'tls_self_signed'},
    {title: 'of an unknown authority', certificate: {}, trusting: false, code: 'tls_untrusted'},
  ])('a certificate $title is named as that', async ({certificate, trusting, code}) => {
    const {ca, ...tls} = await makeCertificate(certificate)
    const server = closing(await serveHttp((_request, response) => response.end(), {tls}))
    const options = trusting ? {ca} : {}
    expect(await attemptOn(http, {address: server.address, options})).toMatchObject({
      ok: false,
      failure: {code, phase: 'tls'},
    })
    expect(await attemptOn(http, {address: server.address, options: {...options, insecure: true}})).toMatchObject({
      ok: true,
      facts: {tls_verified: false},
    })
  })

  test('another name can be asked for and verified', async () => {
    const {ca, ...tls} = await makeCertificate({names: ['chat.test']})
    const server = closing(
      await serveHttp(
        (request, response) => response.end(String((request.socket as Socket & {servername?: string}).servername)),
        {tls},
      ),
    )
    const options = {ca, servername: 'chat.test', expect: {body: '^chat\\.test$'}}
    expect(await attemptOn(http, {address: server.address, options})).toMatchObject({ok: true})
  })

  test('a server that wants a client certificate gets it, or is named as that', async () => {
    const {ca, ...tls} = await makeCertificate()
    const client = await makeCertificate({names: ['prober']})
    const server = closing(
      await serveHttp((_request, response) => response.end(), {
        tls: {...tls, ca: client.ca, requestCert: true, rejectUnauthorized: true},
      }),
    )
    const options = {ca, cert: client.cert, key: client.key}
    expect(await attemptOn(http, {address: server.address, options})).toMatchObject({ok: true})
    expect(await attemptOn(http, {address: server.address, options: {ca}})).toMatchObject({
      failure: {code: 'tls_client_certificate', phase: 'tls'},
    })
  })

  test('a plain port is named as that', async () => {
    const server = closing(await serveHttp((_request, response) => response.end()))
    expect(await attemptOn(http, {address: server.address.replace('http', 'https')})).toMatchObject({
      failure: {code: 'not_tls', phase: 'tls'},
    })
  })

  test('a TLS port that is asked in plain text is named as that', async () => {
    const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 70])
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.end(alert))))
    const result = await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})
    expect(result).toMatchObject({
      failure: {code: 'not_http', hint: 'the port speaks TLS: use https: or wss:'},
    })
  })

  test('silence in the handshake is a time-out of that phase', async () => {
    const server = closing(await silentTcp())
    expect(await attemptOn(http, {address: `https://127.0.0.1:${server.port}`, timeoutMs: 200})).toMatchObject({
      failure: {code: 'timeout', phase: 'tls'},
    })
  })

  test('a hang-up in the handshake is told apart from a closed port', async () => {
    const hanging = closing(await tcpFault((socket) => socket.once('data', () => socket.end())))
    const closed = await closedTcp()
    expect(await attemptOn(http, {address: `https://127.0.0.1:${hanging.port}`})).toMatchObject({
      failure: {code: 'not_tls'},
    })
    expect(await attemptOn(http, {address: `https://127.0.0.1:${closed.port}`})).toMatchObject({
      failure: {code: 'refused', phase: 'connect'},
    })
  })
})
