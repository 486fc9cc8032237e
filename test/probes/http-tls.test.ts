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

  test.each<{title: string; certificate: CertificateOptions; trusting: boolean; code: string; message: RegExp}>([
    {
      title: 'that has expired',
      certificate: {notBefore: new Date(Date.now() - 9 * DAY_MS), days: 7},
      trusting: true,
      code: 'tls_expired',
      message: /^the certificate expired \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, 2 days ago$/,
    },
    {
      title: 'that is not valid yet',
      certificate: {notBefore: new Date(Date.now() + 3 * DAY_MS)},
      trusting: true,
      code: 'tls_not_yet_valid',
      message: /^the certificate is not valid before \d{4}-\d\d-\d\dT[\d:]{8}Z, in [23] days$/,
    },
    {
      title: 'for another name',
      certificate: {names: ['other.test', '10.0.0.1']},
      trusting: true,
      code: 'tls_wrong_name',
      message: /^the certificate is for other\.test, 10\.0\.0\.1, not for 127\.0\.0\.1$/,
    },
    {
      title: 'that signed itself',
      certificate: {selfSigned: true},
      trusting: false,
      code: 'tls_self_signed',
      message: /^the certificate of "localhost" signed itself$/,
    },
    {
      title: 'of an unknown authority',
      certificate: {},
      trusting: false,
      code: 'tls_untrusted',
      message: /is signed by "probe throw-away authority", which is not trusted/,
    },
    {
      title: 'without the authority between',
      certificate: {intermediate: true},
      trusting: true,
      code: 'tls_incomplete_chain',
      message: /sent its certificate without that of the issuer "probe throw-away intermediate"/,
    },
  ])('a certificate $title is named as that', async ({certificate, trusting, code, message}) => {
    const {ca, cert, key} = await makeCertificate(certificate)
    const server = closing(await serveHttp((_request, response) => response.end(), {tls: {cert, key}}))
    const options = trusting ? {ca} : {}
    expect(await attemptOn(http, {address: server.address, options})).toMatchObject({
      ok: false,
      facts: {tls_expires_in_days: expect.any(Number) as unknown},
      failure: {code, phase: 'tls', message: expect.stringMatching(message) as unknown},
    })
    expect(await attemptOn(http, {address: server.address, options: {...options, insecure: true}})).toMatchObject({
      ok: true,
      facts: {tls_verified: false},
    })
  })

  test('a full chain passes, and one whose root is unknown is untrusted, not incomplete', async () => {
    const {ca, chain, key} = await makeCertificate({intermediate: true})
    const server = closing(await serveHttp((_request, response) => response.end(), {tls: {cert: chain, key}}))
    expect(await attemptOn(http, {address: server.address, options: {ca}})).toMatchObject({ok: true})
    expect(await attemptOn(http, {address: server.address})).toMatchObject({
      failure: {
        code: 'tls_untrusted',
        message: expect.stringMatching(/in a chain at "probe throw-away auth/) as unknown,
      },
    })
  })

  test('a server of versions that were given up is told with the one it speaks', async () => {
    const {ca, ...tls} = await makeCertificate()
    const old = {...tls, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'} as const
    const server = closing(await serveHttp((_request, response) => response.end(), {tls: old}))
    expect(await attemptOn(http, {address: server.address, options: {ca}})).toMatchObject({
      failure: {
        code: 'tls_protocol',
        phase: 'tls',
        message: 'expected TLS 1.2 or 1.3, the server speaks TLSv1.1 at most',
      },
    })
  })

  test('a key that is not that of the certificate is a mistake of ours', async () => {
    const [{ca, ...tls}, other] = await Promise.all([makeCertificate(), makeCertificate()])
    const server = closing(await serveHttp((_request, response) => response.end(), {tls}))
    for (const key of [other.key, 'no PEM']) {
      const result = await attemptOn(http, {address: server.address, options: {ca, cert: tls.cert, key}})
      expect(result).toMatchObject({failure: {code: 'unsupported', phase: 'tls'}, events: []})
    }
  })

  test('an authority that is none is a mistake of ours, not one of the server', async () => {
    const {ca, ...tls} = await makeCertificate()
    const server = closing(await serveHttp((_request, response) => response.end(), {tls}))
    for (const wrong of ['no PEM', ca.replace(/[A-Z]/g, '#')]) {
      const result = await attemptOn(http, {address: server.address, options: {ca: wrong}})
      expect(result).toMatchObject({
        failure: {
          code: 'unsupported',
          phase: 'tls',
          message: expect.stringMatching(/^`ca` cannot be used: /) as unknown,
        },
        events: [],
      })
    }
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
      failure: {code: 'needs_tls', hint: 'the port speaks TLS: use https: or wss:'},
    })
  })

  test('silence in the handshake is a time-out of that phase', async () => {
    const server = closing(await silentTcp())
    expect(await attemptOn(http, {address: `https://127.0.0.1:${server.port}`, timeoutMs: 1000})).toMatchObject({
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
