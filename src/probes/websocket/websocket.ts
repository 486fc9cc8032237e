import {followingRedirects} from '../following-redirects.ts'
import type {Attempt, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {withPath} from '../url-address.ts'
import {connectWebSocket} from './connect.ts'
import {converse} from './converse.ts'
import {hold, type Holdable} from '../hold.ts'
import {quiet} from '../quiet-trace.ts'
import type {WebSocketLink} from './link.ts'
import {websocketAddress, type WebsocketOptions} from './options.ts'

/** Upgrades a connection to a WebSocket, exchanges messages as told, times pings, and says goodbye. */
export const websocket: Attempt<WebsocketOptions> = async (target, options, trace) => {
  const startedAt = trace.now()
  trace.fact('upgraded', false)
  const {origin, subprotocols, maxPayloadBytes, perMessageDeflate, redirects: limit} = options
  const query = new URLSearchParams(options.query).toString()
  const url = withPath(websocketAddress.parse(target.address).url, `${options.path}${query && `?${query}`}`)
  const headers = {...requestHeaders(options, trace), ...(origin && {origin})}
  const request = {url, target, headers, subprotocols, connection: options}
  const settings = {phase: 'upgrade', maxPayloadBytes, perMessageDeflate}
  let at = request
  const link = await followingRedirects({request, limit}, trace, (next) => {
    at = next
    return connectWebSocket(next, settings, trace)
  })
  trace.fact('upgraded', true)
  trace.event({indicator: 'websocket_handshake', ok: true, value: trace.now() - startedAt})
  trace.phase('message')
  try {
    await converse(link, options, trace)
    if (options.hold !== undefined)
      await holdBeside(link, () => connectWebSocket(at, settings, quiet(trace)), {options, trace})
  } finally {
    trace.fact('ws_closed_cleanly', await link.close())
  }
}

/** Holds it, silent, and a second one that talks. */
async function holdBeside(
  link: WebSocketLink,
  openTalking: () => Promise<WebSocketLink>,
  {options, trace}: {options: WebsocketOptions; trace: Trace},
): Promise<void> {
  trace.phase('hold')
  const talking = await openTalking()
  try {
    await hold({silent: holdable(link), talking: holdable(talking)}, options, trace)
  } finally {
    await talking.close()
  }
}

function holdable(link: WebSocketLink): Holdable {
  return {
    ended: (signal) => link.frames.drain(signal),
    heardAt: () => link.heardAt(),
    ping: () => link.ping('hold'),
  }
}
