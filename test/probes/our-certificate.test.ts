import {once} from 'node:events'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {describe, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {pingDialect} from '../fixtures/dialects.ts'
import {causeOf} from '../fixtures/named.ts'

const {websocket, http, socketio, signaling} = probes
const [server, client, stranger] = await Promise.all([
  makeCertificate(),
  makeCertificate({names: ['prober']}),
  makeCertificate({names: ['stranger']}),
])
const accepted = {code: 'tls_client_certificate', phase: 'tls'}

/** A server of Node's, which cuts whoever shows a certificate that it does not accept, without a word. */
async function serve(maxVersion: 'TLSv1.2' | 'TLSv1.3') {
  const {cert, key} = server
  const listening = createServer({cert, key, ca: client.ca, requestCert: true, maxVersion}, (_, response) =>
    response.end('hi'),
  )
  listening.on('tlsClientError', () => {})
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  closing({
    close() {
      listening.close()
      listening.closeAllConnections()
    },
  })
  return (listening.address() as AddressInfo).port
}

describe.each(['TLSv1.3', 'TLSv1.2'] as const)(
  'a client certificate that a server of Node does not accept, over %s',
  (version) => {
    test.each([
      {probe: websocket, scheme: 'wss'},
      {probe: http, scheme: 'https'},
      {probe: socketio, scheme: 'https'},
      {probe: socketio, scheme: 'https', options: {transports: ['polling']}},
      {probe: signaling, scheme: 'wss', options: {dialect: pingDialect}},
    ])('is named by $probe.name: $options.transports', async ({probe, scheme, options}) => {
      const address = `${scheme}://127.0.0.1:${await serve(version)}/`
      const {cert, key} = stranger
      const result = await attemptOn(probe, {address, options: {ca: server.ca, cert, key, ...options}})
      expect(causeOf(result)).toMatchObject({
        ...accepted,
        message: expect.stringMatching(/does not accept our client certificate/) as unknown,
      })
    })

    test('is told from none, and from one that is', async () => {
      const address = `https://127.0.0.1:${await serve(version)}/`
      const {ca} = server
      const none = causeOf(await attemptOn(http, {address, options: {ca}}))
      expect(none).toMatchObject(
        version === 'TLSv1.3'
          ? accepted
          : {code: 'tls_protocol', hint: expect.stringMatching(/client certificate/) as unknown},
      )
      const {cert, key} = client
      expect(await attemptOn(http, {address, options: {ca, cert, key}})).toMatchObject({ok: true})
    })
  },
)

test('a connection that is cut for another reason is not blamed on the certificate', async () => {
  const {cert, key, ca} = server
  const rude = createServer({cert, key}, (request) => request.socket.destroy())
  rude.listen(0, '127.0.0.1')
  await once(rude, 'listening')
  closing(rude)
  const address = `https://127.0.0.1:${(rude.address() as AddressInfo).port}/`
  const result = await attemptOn(http, {address, options: {ca, cert: client.cert, key: client.key}})
  expect(causeOf(result)).toMatchObject({code: 'closed'})
})
