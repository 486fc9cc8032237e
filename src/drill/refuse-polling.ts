import {UserError} from '../core/errors.ts'
import type {Subject} from './subject.ts'

/** Refuses sessions that begin by polling where the dialect's clients do not. Throws UserError. */
export function refusePolling({sockets}: Pick<Subject, 'sockets'>): void {
  if (!sockets) throw new UserError('--polling: expected a scenario with sockets, got one without')
  const {transport} = sockets.options.dialect
  if (transport.kind === 'ws') {
    throw new UserError('--polling: expected a dialect over Socket.IO, got one over plain WebSocket')
  }
  const {transports} = transport
  if (transports.includes('polling') && transports.includes('websocket')) return
  throw new UserError(
    `--polling: expected a dialect whose clients poll first and upgrade, got one with ${transports.join()} only`,
    'if they do, write it to probe.yaml: "dialect: {transport: {transports: [polling, websocket]}}"',
  )
}
