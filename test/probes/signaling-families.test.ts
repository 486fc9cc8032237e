import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {startSignalingServer} from '../../src/demo/signaling-server.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {videoChatDialect} from '../fixtures/dialects.ts'

test.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
  'two clients meet over TLS on IPv6, over %j',
  async (transports) => {
    const {ca, cert, key} = await makeCertificate()
    const server = createServer({cert, key})
    await new Promise<void>((listening) => server.listen(0, '::1', listening))
    closing({close: () => new Promise((closed) => server.close(closed).closeAllConnections())})
    closing(await startSignalingServer({server}))
    const dialect = {...videoChatDialect(), transport: {kind: 'socket.io', transports}}
    const result = await attemptOn(probes.signaling, {
      address: `wss://[::1]:${(server.address() as AddressInfo).port}`,
      options: {dialect, ca, count: 3, interval: 5},
    })
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    expect(result.facts).toMatchObject({ip: '::1', ip_protocol: 6, tls_version: 'TLSv1.3'})
    expect(result.phases.find(({name}) => name === 'tls')).toMatchObject({state: 'done'})
  },
)
