import {randomBytes} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {makeCertificate} from './certificate.ts'
import {startSignalingServer} from './signaling-server.ts'
import {startTurnServer} from './turn/server.ts'

/** A small video chat on this machine, with the config that points at it. */
export interface Demo {
  /** Path of a `probe.yaml` in a folder of its own, with the secret and the authority beside it. */
  readonly config: string
  readonly addresses: Readonly<Record<string, readonly string[]>>
  /** Ends the servers and removes the folder. */
  close(): Promise<void>
}

/** Starts the embedded target on free loopback ports: health, Socket.IO signaling, STUN, TURN over udp, tcp and tls. */
export async function startDemo(): Promise<Demo> {
  const secret = randomBytes(24).toString('hex')
  const certificate = await makeCertificate()
  const turn = await startTurnServer({secret, tls: certificate})
  const signaling = await startSignalingServer()
  const folder = await mkdtemp(join(tmpdir(), 'probe-demo-'))
  const addresses = {
    backend: [signaling.url],
    stun: [`stun:127.0.0.1:${turn.udpPort}`],
    turn: [
      `turn:127.0.0.1:${turn.udpPort}?transport=udp`,
      `turn:127.0.0.1:${turn.tcpPort}?transport=tcp`,
      `turns:127.0.0.1:${turn.tlsPort}?transport=tcp`,
    ],
  }
  const config = join(folder, 'probe.yaml')
  await writeFile(join(folder, 'turn-secret'), secret, {mode: 0o600})
  await writeFile(join(folder, 'ca.pem'), certificate.ca)
  await writeFile(config, configText(addresses))
  return {
    config,
    addresses,
    async close() {
      await Promise.all([turn.close(), signaling.close(), rm(folder, {recursive: true, force: true})])
    },
  }
}

function configText({backend, stun, turn}: Readonly<Record<'backend' | 'stun' | 'turn', readonly string[]>>): string {
  return `profile: video-chat
instance: demo
targets:
  backend: ${backend.join()}
  stun: ${stun.join()}
  turn:
    address:
${turn.map((uri) => `      - ${uri}`).join('\n')}
    credentials:
      secret: file:turn-secret
    ca: file:ca.pem
`
}
