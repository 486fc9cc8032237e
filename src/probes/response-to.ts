import type {ClientRequest, IncomingMessage} from 'node:http'
import {ProbeFailure} from '../core/errors.ts'

/** Sends a request and waits for its answer. Rejects with Node's own error, or for an answer that nobody asked for. */
export function responseTo(request: ClientRequest, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject) // the first one ends the wait; later ones are nobody's news
    request.once('response', resolve)
    request.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(
        new ProbeFailure('protocol_error', 'expected an answer to a plain request, got 101 Switching Protocols', {
          hint: 'a server may not switch to what was not asked for (RFC 9110, section 15.2.2): is this the right port?',
        }),
      )
    })
    request.end(body)
  })
}
