import type {Listener} from './client.ts'
import {listenStream} from './listen-stream.ts'
import {listenUdp} from './listen-udp.ts'
import {turnService, type ServiceOptions} from './service.ts'

export interface TurnServerOptions extends Partial<ServiceOptions> {
  /** A loopback address. */
  readonly host?: string
  /** Ports to listen on; free ones where none is given. */
  readonly ports?: {readonly udp?: number; readonly tcp?: number; readonly tls?: number}
  /** PEM texts; without them there is no TLS port. */
  readonly tls?: {readonly cert: string; readonly key: string}
  readonly maxConnections?: number
  /** Connections on which nothing moves are ended after this time unless they have an allocation. */
  readonly idleMs?: number
}

export interface TurnServer {
  readonly udpPort: number
  readonly tcpPort: number
  readonly tlsPort: number | undefined
  stats(): {readonly allocations: number}
  /** Leaves no socket and no timer behind. */
  close(): Promise<void>
}

const defaults: ServiceOptions = {
  realm: 'probe.demo',
  users: {},
  nonceLifetimeMs: 600_000,
  maxAllocations: 100,
  quota: 100,
  maxLifetimeS: 3600,
  allowPeer: () => true,
}

/**
 * A TURN server for this machine alone (RFC 8656, STUN Binding included): its relays have loopback addresses.
 * Over udp, tcp and, with a certificate, tls; with long-term users, a shared secret, or both.
 */
export async function startTurnServer(options: TurnServerOptions = {}): Promise<TurnServer> {
  const {host = '127.0.0.1', ports = {}, tls, maxConnections = 100, idleMs = 60_000} = options
  const service = turnService({...defaults, ...options})
  const stream = {host, maxConnections, idleMs}
  const opened: Listener[] = []
  const open = async (listening: Promise<Listener>): Promise<number> => {
    const listener = await listening
    opened.push(listener)
    return listener.port
  }
  const close = async () => {
    service.close()
    await Promise.all(opened.splice(0).map((listener) => listener.close()))
  }
  try {
    return {
      udpPort: await open(listenUdp(host, ports.udp ?? 0, service)),
      tcpPort: await open(listenStream({...stream, port: ports.tcp ?? 0}, service)),
      tlsPort: tls && (await open(listenStream({...stream, port: ports.tls ?? 0, tls}, service))),
      stats: () => ({allocations: service.allocations()}),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
