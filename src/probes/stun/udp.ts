import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {ProbeFailure} from '../../core/errors.ts'
import {abortable} from '../abortable.ts'
import type {Trace} from '../probe.ts'
import {resolve} from '../resolve.ts'
import {locate} from './locate.ts'
import type {Receiver, StunTransport, TransportOptions} from './transport.ts'
import {hostPort} from './uri.ts'

/** A connected socket: the kernel then reports a closed port (ICMP), and drops what others send. */
export async function openUdp(options: TransportOptions, trace: Trace): Promise<StunTransport> {
  const {host, port} = await locate(options, trace)
  const resolved = await resolve(host, options, trace)
  trace.phase('connect')
  const socket = createSocket(resolved.family === 6 ? 'udp6' : 'udp4')
  let receiver: Receiver | undefined
  let open = true
  const close = () => {
    if (open) socket.close()
    open = false
  }
  const fail = (error: NodeJS.ErrnoException) => {
    if (!open) return
    close()
    receiver?.ended(error.code === 'ECONNREFUSED' ? closedPort(resolved.address, port, error) : error)
  }
  const onSent = (error: Error | null) => {
    if (error) fail(error)
  }
  socket.on('error', fail)
  socket.on('message', (bytes) => receiver?.message(bytes))
  try {
    const connected = once(socket, 'connect')
    socket.connect(port, resolved.address)
    await abortable(connected, trace.signal)
  } catch (error) {
    close()
    throw error
  }
  return {
    protocol: 'udp',
    local: socket.address(),
    at: {server: options.server, connectTo: {host: resolved.address, port}},
    send(message) {
      if (open) socket.send(message, onSent)
    },
    listen: (listener) => void (receiver = listener),
    close,
  }
}

function closedPort(address: string, port: number, cause: Error): ProbeFailure {
  return new ProbeFailure('refused', `UDP port closed: ${hostPort(address, port)} answered ICMP port unreachable`, {
    cause,
    hint: 'the server is down, or does not listen on UDP at this address',
  })
}
