import {once} from 'node:events'
import type {IncomingMessage} from 'node:http'
import {request} from './node-http.ts'
import {connect, type Socket} from 'node:net'
import {ProbeFailure} from '../core/errors.ts'
import type {ResolveOptions} from './addresses.ts'
import {toProbeFailure} from './classify.ts'
import {excerpt} from './excerpt.ts'
import {opened} from './opened.ts'
import type {Trace} from './probe.ts'
import {resolve} from './resolve.ts'

export interface TunnelEnds {
  /** An http: URL; it may hold credentials. */
  readonly proxy: string
  /** Where the tunnel leads. The proxy resolves the name, as a browser would let it. */
  readonly to: {readonly host: string; readonly port: number}
}

/** A connection through an HTTP proxy (RFC 9110, section 9.3.6), in the phases `resolve` (of the proxy) and `connect`. */
export async function tunnel({proxy, to}: TunnelEnds, options: ResolveOptions, trace: Trace): Promise<Socket> {
  const {hostname, port, username, password} = new URL(proxy)
  const place = {host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? 80 : Number(port)}
  trace.fact('proxy', `${hostname}:${place.port}`)
  const {address, family} = await resolve(place.host, options, trace)
  trace.phase('connect')
  const socket = connect({host: address, port: place.port, family, noDelay: true})
  try {
    await opened(socket, 'connect', trace.signal)
    const authority = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`
    const headers = {host: authority, ...(username && {'proxy-authorization': basic({username, password}, trace)})}
    const sent = request({method: 'CONNECT', path: authority, headers, createConnection: () => socket})
    sent.on('error', () => {}) // the first one is waited for below; a later one is nobody's news
    sent.end()
    // Its answer to anything else than a tunnel is an event as well: one way to read both.
    const [answer, , head] = (await once(sent, 'connect', {signal: trace.signal})) as [IncomingMessage, Socket, Buffer]
    if (answer.statusCode === undefined || answer.statusCode >= 300) throw refused(answer, authority)
    if (head.length > 0) socket.unshift(head)
    return socket
  } catch (error) {
    socket.destroy()
    throw trace.signal.aborted || error instanceof ProbeFailure ? error : broken(error, place)
  }
}

/** RFC 7617 in the header of RFC 9110, section 11.7.2. */
function basic({username, password}: {username: string; password: string}, trace: Pick<Trace, 'secret'>): string {
  const encoded = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  trace.secret(encoded)
  return `Basic ${encoded}`
}

/** A gateway's error is about the other side; everything else is between the proxy and us. */
function refused({statusCode = 0, statusMessage = ''}: IncomingMessage, authority: string): ProbeFailure {
  const said = `${statusCode} ${excerpt(statusMessage, 60)}`
  if (statusCode >= 502 && statusCode <= 504) {
    return new ProbeFailure('unreachable', `the proxy cannot reach ${authority}: ${said}`)
  }
  return new ProbeFailure('proxy_failed', `expected the proxy to connect ${authority}, got ${said}`, {
    hint: statusCode === 407 ? 'it wants credentials: http://USER:PASSWORD@…' : 'does it allow CONNECT to that port?',
  })
}

function broken(error: unknown, {host, port}: {host: string; port: number}): ProbeFailure {
  const why = toProbeFailure(error)?.message ?? String(error)
  return new ProbeFailure('proxy_failed', `no tunnel through the proxy ${host}:${port}: ${why}`, {cause: error})
}
