import {dialling} from '../connection-options.ts'
import {dial} from '../dial.ts'
import type {Attempt} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {addressOf, withPath} from '../url-address.ts'
import {converse} from './converse.ts'
import {openWebSocket} from './open.ts'
import {websocketAddress, type WebsocketOptions} from './options.ts'

/** Upgrades a connection to a WebSocket, exchanges messages as told, times pings, and says goodbye. */
export const websocket: Attempt<WebsocketOptions> = async (target, options, trace) => {
  const startedAt = trace.now()
  trace.fact('upgraded', false)
  const query = new URLSearchParams(options.query).toString()
  const url = withPath(websocketAddress.parse(target.address).url, `${options.path}${query && `?${query}`}`)
  const socket = await dial(dialling(addressOf(url), options), target, trace)
  trace.phase('upgrade')
  const {origin} = options
  const headers = {host: url.host, ...requestHeaders(options, trace), ...(origin && {origin})}
  const link = await openWebSocket({...options, socket, url, headers}, trace)
  trace.fact('upgraded', true)
  trace.event({indicator: 'websocket_handshake', ok: true, value: trace.now() - startedAt})
  trace.phase('message')
  try {
    await converse(link, options, trace)
  } finally {
    trace.fact('ws_closed_cleanly', await link.close())
  }
}
