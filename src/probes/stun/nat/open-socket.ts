import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {ProbeFailure} from '../../../core/errors.ts'
import {abortable} from '../../abortable.ts'
import type {Trace} from '../../probe.ts'
import {decodeMessage, encodeRequest, type StunMessage, type TransportAddress} from '../message.ts'
import {Transaction} from '../transaction.ts'

/** Silence is an answer here: three requests, and no more than this. */
const LIMITS = {waitMs: 1200, rtoMs: 200} as const

/** What a Binding request asks of the server: to answer from its other address, or its other port (RFC 5780 section 7.2). */
export interface Change {
  readonly address: boolean
  readonly port: boolean
}

export interface BindingAnswer {
  readonly message: StunMessage
  /** Whom it came from, which need not be who was asked. */
  readonly from: TransportAddress
}

/** A UDP socket that asks several servers from one port, and hears whoever gets through: what a NAT is measured with. */
export interface OpenSocket {
  readonly local: TransportAddress
  /** Undefined when nothing comes back. */
  ask(server: TransportAddress, change?: Change): Promise<BindingAnswer | undefined>
  /** Sends one request to an address and tells whether it arrives at another socket. */
  reaches(other: OpenSocket, address: TransportAddress): Promise<boolean>
  /** Tells when the request of that id arrives here. */
  onRequest(id: string, listener: (arrived: BindingAnswer) => void): void
  close(): void
}

/** The caller closes it. */
export async function openSocket(local: string, trace: Pick<Trace, 'now' | 'signal'>): Promise<OpenSocket> {
  const socket = createSocket(local.includes(':') ? 'udp6' : 'udp4')
  const pending = new Map<string, (answer: BindingAnswer) => void>()
  const requested = new Map<string, (arrived: BindingAnswer) => void>()
  socket.on('error', () => {}) // a closed port at the other end is silence, which is what is measured
  socket.on('message', (bytes, {address, port}) => {
    const message = decodeMessage(bytes)
    if (!message) return
    const waiting = message.class === 'request' ? requested : pending
    waiting.get(message.id)?.({message, from: {address, port}})
  })
  socket.bind(0, local)
  await abortable(once(socket, 'listening'), trace.signal)

  const exchange = async (server: TransportAddress, request: ReturnType<typeof encodeRequest>) => {
    const send = (bytes: Buffer) => socket.send(bytes, server.port, server.address)
    const transaction = new Transaction(
      request,
      {protocol: 'udp', send, now: trace.now},
      {...LIMITS, signal: trace.signal},
    )
    let from: TransportAddress | undefined
    pending.set(request.id, (answer) => {
      from = answer.from
      transaction.answered(answer.message)
    })
    try {
      const {message} = await transaction.outcome
      return from && {message, from}
    } catch (error) {
      if (error instanceof ProbeFailure && error.code === 'timeout' && !trace.signal.aborted) return undefined
      throw error
    } finally {
      pending.delete(request.id)
    }
  }
  return {
    local: socket.address(),
    ask: (server, change) => exchange(server, encodeRequest('Binding', {change})),
    async reaches(other, address) {
      const request = encodeRequest('Binding')
      other.onRequest(request.id, (arrived) => pending.get(request.id)?.(arrived))
      return (await exchange(address, request))?.message.class === 'request'
    },
    onRequest: (id, listener) => void requested.set(id, listener),
    close: () => socket.close(),
  }
}
