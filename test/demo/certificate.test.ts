import {once} from 'node:events'
import {isIP, type AddressInfo} from 'node:net'
import {connect, createServer} from 'node:tls'
import {expect, test} from 'vitest'
import {makeCertificate, type CertificateOptions} from '../../src/demo/certificate.ts'

const DAY_MS = 86_400_000
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS)

/** What a TLS client that trusts the authority makes of a server with this certificate: "ok" or its error code. */
async function handshake(options: CertificateOptions, name: string, trusting = true): Promise<string> {
  const {ca, cert, key} = await makeCertificate(options)
  const server = createServer({cert, key})
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  const client = connect({
    host: '127.0.0.1',
    port,
    ...(isIP(name) ? {} : {servername: name}),
    ...(trusting && {ca}),
  })
  try {
    await once(client, 'secureConnect')
    return 'ok'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  } finally {
    client.destroy()
    server.close()
  }
}

test.each<{title: string; options?: CertificateOptions; name: string; outcome: string}>([
  {title: 'a certificate is trusted under the loopback address', name: '127.0.0.1', outcome: 'ok'},
  {title: 'a certificate is trusted under localhost', name: 'localhost', outcome: 'ok'},
  {
    title: 'a certificate is trusted under a name of its own',
    options: {names: ['a.test']},
    name: 'a.test',
    outcome: 'ok',
  },
  {
    title: 'a name that it does not hold is refused',
    options: {names: ['a.test']},
    name: 'b.test',
    outcome: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    title: 'one that ended yesterday has expired',
    options: {notBefore: daysFromNow(-3), days: 2},
    name: 'localhost',
    outcome: 'CERT_HAS_EXPIRED',
  },
  {
    title: 'one that begins tomorrow is not valid yet',
    options: {notBefore: daysFromNow(1)},
    name: 'localhost',
    outcome: 'CERT_NOT_YET_VALID',
  },
])('$title', async ({options = {}, name, outcome}) => {
  expect(await handshake(options, name)).toBe(outcome)
})

test('without its authority a certificate is not trusted', async () => {
  expect(await handshake({}, 'localhost', false)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})

test('a self-signed certificate is called that', async () => {
  expect(await handshake({selfSigned: true}, 'localhost', false)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
})
