import {randomBytes} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {UserError} from '../core/errors.ts'
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
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(closers.splice(0).map((closeOne) => closeOne()))
  }
  try {
    const folder = await temporaryFolder()
    closers.push(() => rm(folder, {recursive: true, force: true}))
    const secret = randomBytes(24).toString('hex')
    const certificate = await makeCertificate()
    const turn = await startTurnServer({secret, tls: certificate})
    closers.push(() => turn.close())
    const signaling = await startSignalingServer()
    closers.push(() => signaling.close())
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
    return {config, addresses, close}
  } catch (error) {
    await close() // what was opened before would keep the process alive
    throw error
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'probe-demo-'))
  } catch (cause) {
    const {code = 'no reason given'} = cause as NodeJS.ErrnoException
    throw new UserError(`expected a folder for temporary files, got ${tmpdir()} (${code})`, 'set TMPDIR to one', {
      cause,
    })
  }
}

function configText({backend, stun, turn}: Readonly<Record<'backend' | 'stun' | 'turn', readonly string[]>>): string {
  return `profile: video-chat
instance: demo
targets:
  backend:
    address: ${backend.join()}
    turn: # of the clients that call each other
      address: ${turn[0]}
      credentials:
        secret: file:turn-secret
  stun: ${stun.join()}
  turn:
    address:
${turn.map((uri) => `      - ${uri}`).join('\n')}
    credentials:
      secret: file:turn-secret
    ca: file:ca.pem
checks: # nothing watches this one
  {metrics: false, redis: false, prometheus: false, alertmanager: false, grafana: false, dashboards: false}
`
}
