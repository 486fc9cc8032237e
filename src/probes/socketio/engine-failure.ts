import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import {describeAnswer, type HttpAnswer} from './http-answer.ts'

export type TransportName = 'websocket' | 'polling'

/** What Engine.IO's own refusals mean. Over polling they come as JSON, over a refused upgrade as bare text. */
const refusals: readonly (readonly [
  engineCode: number,
  text: string,
  code: FailureCode,
  meaning: string,
  hint: string,
])[] = [
  [
    0,
    'Transport unknown',
    'transport_refused',
    'the server does not offer this transport',
    'choose another with `transports`, or allow it on the server',
  ],
  [
    1,
    'Session ID unknown',
    'session_unknown',
    'another node than the one that opened the session answered',
    'the load balancer lacks sticky sessions: keep a client on one node by cookie or by address',
  ],
  [2, 'Bad handshake method', 'protocol_error', 'the handshake was refused', 'does a proxy change the method?'],
  [
    5,
    'Unsupported protocol version',
    'engineio_version',
    'the server does not speak Engine.IO 4',
    'it is Socket.IO 2 or older, or a proxy drops the EIO parameter',
  ],
]

/** Names what an HTTP answer in place of Engine.IO amounts to. */
export function engineFailure(answer: HttpAnswer, transport: TransportName): ProbeFailure {
  const shown = describeAnswer(answer)
  const json = readRefusal(answer.body)
  const known = refusals.find(([code, text]) => (json ? json.code === code : answer.body === text))
  if (known) {
    const [, , code, meaning, hint] = known
    return new ProbeFailure(code, `${meaning}: got ${shown}`, {hint})
  }
  // Engine.IO says "bad request" as JSON to a plain GET that asks for transport=websocket: the upgrade got lost.
  if (transport === 'websocket' && json?.code === 3) {
    return new ProbeFailure('upgrade_dropped', `the server saw no WebSocket upgrade: got ${shown}`, {
      hint: 'a proxy on the way drops the Upgrade and Connection headers',
    })
  }
  if (/^\d+:\d/.test(answer.body)) {
    return new ProbeFailure('engineio_version', `expected an Engine.IO 4 payload, got one of Engine.IO 3: ${shown}`, {
      hint: 'the server is Socket.IO 2 or older',
    })
  }
  return unlike(answer, transport, shown)
}

function unlike({status}: HttpAnswer, transport: TransportName, shown: string): ProbeFailure {
  const expected = transport === 'websocket' ? '101 Switching Protocols' : 'an Engine.IO open packet'
  if (status === 200 || status === 404 || (status >= 300 && status < 400)) {
    return new ProbeFailure('not_engineio', `expected ${expected}, got ${shown}`, {
      hint: 'nothing answers as Engine.IO there: is `path` right, and does the proxy pass it on?',
    })
  }
  const hint =
    status === 401 || status === 403
      ? 'it wants credentials (`headers`, `query`), or refuses this origin'
      : status >= 502 && status <= 504
        ? 'the proxy is up, the back end is not'
        : undefined
  const code = transport === 'websocket' ? 'upgrade_refused' : 'http_status'
  return new ProbeFailure(code, `expected ${expected}, got ${shown}`, hint === undefined ? {} : {hint})
}

function readRefusal(body: string): {code: number} | undefined {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null || !('code' in value)) return undefined
    return typeof value.code === 'number' ? {code: value.code} : undefined
  } catch {
    return undefined // a page, or Engine.IO's bare text
  }
}
