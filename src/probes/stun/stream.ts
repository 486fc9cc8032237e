import {ProbeFailure} from '../../core/errors.ts'
import {dial} from '../dial.ts'
import type {Trace} from '../probe.ts'
import {Framing, padForStream} from './framing.ts'
import {locate} from './locate.ts'
import type {Receiver, StunTransport, TransportOptions} from './transport.ts'

/** STUN over TCP or TLS (RFC 8489 section 6.2.2). */
export async function openStream(options: TransportOptions, trace: Trace): Promise<StunTransport> {
  const {server, tls} = options
  const {host, port, protocol} = server
  const secure = protocol === 'tls'
  const connectTo = await locate(options, trace)
  const socket = await dial({host, port, connectTo, ...(secure && {tls: tls ?? {}})}, options, trace)
  const framing = new Framing()
  let receiver: Receiver | undefined
  let bytesIn = 0
  let open = true
  const close = () => {
    open = false
    socket.destroy()
  }
  const end = (reason: Error) => {
    if (!open) return
    close()
    receiver?.ended(reason)
  }
  const read = (chunk: Buffer) => {
    bytesIn += chunk.length
    for (const message of framing.push(chunk)) receiver?.message(message)
  }
  const {localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0} = socket
  return {
    protocol,
    local: {address: localAddress, port: localPort},
    at: {server, connectTo: {host: remoteAddress, port: remotePort}},
    send(message) {
      if (open) socket.write(padForStream(message))
    },
    listen(listener) {
      receiver = listener
      socket.on('error', end)
      socket.on('close', () => end(closed(bytesIn, secure)))
      socket.on('end', () => end(closed(bytesIn, secure)))
      socket.on('data', (chunk: Buffer) => {
        try {
          read(chunk)
        } catch (error) {
          end(error as Error)
        }
      })
    },
    close,
  }
}

function closed(bytesIn: number, secure: boolean): ProbeFailure {
  if (bytesIn > 0) return new ProbeFailure('closed', 'the server closed the connection')
  return new ProbeFailure('closed', 'the server closed the connection without a byte', {
    hint: secure ? 'is this a STUN or TURN port?' : 'is this a TLS port? Then use turns: or stuns:',
  })
}
