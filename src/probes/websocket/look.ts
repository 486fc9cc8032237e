import {randomBytes} from 'node:crypto'
import {request} from '../node-http.ts'
import type {Socket} from 'node:net'
import {dialling, type ConnectionOptions} from '../connection-options.ts'
import {dial} from '../dial.ts'
import {readBeginning, type HttpAnswer} from '../http-answer.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {addressOf} from '../url-address.ts'

/** What was refused, so that it can be asked again with one thing changed. */
export interface Asked {
  readonly url: URL
  readonly target: Pick<Target, 'family'>
  readonly headers: Readonly<Record<string, string>>
  readonly subprotocols?: readonly string[] | undefined
  readonly connection: ConnectionOptions
}

/**
 * Asks once more, on a connection of its own, beside the measured path: as an upgrade, or as the plain request that is
 * left where something drops the Upgrade header. A WebSocket that opens is left at once, with no frame sent.
 */
export async function look(asked: Asked, as: 'upgrade' | 'plain request', trace: Trace): Promise<HttpAnswer> {
  const {url, target, headers, subprotocols = [], connection} = asked
  const socket = await dial(dialling(addressOf(url), connection), target, quiet(trace))
  try {
    const offered = subprotocols.length > 0 ? {'sec-websocket-protocol': subprotocols.join(', ')} : {}
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...offered,
    }
    const path = url.pathname + url.search
    const sent = {...headers, host: url.host, ...(as === 'upgrade' ? upgrade : {connection: 'close'})}
    return await answerTo({path, headers: sent, socket}, trace.signal)
  } finally {
    socket.destroy()
  }
}

function answerTo(
  {path, headers, socket}: {path: string; headers: Readonly<Record<string, string>>; socket: Socket},
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({createConnection: () => socket, path, headers, signal})
    sent.on('error', reject)
    sent.once('response', (response) => void readBeginning(response).then(resolve, reject))
    sent.once('upgrade', ({statusCode = 101, statusMessage = '', headers: answered}) =>
      resolve({status: statusCode, reason: statusMessage, headers: answered, body: ''}),
    )
    sent.end()
  })
}
