import {causeOfAnswer} from '../answer-cause.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import {describeAnswer, type HttpAnswer} from '../http-answer.ts'

export type TransportName = 'websocket' | 'polling'

/** What Engine.IO's own refusals mean. Over polling they come as JSON, over a refused upgrade as bare text. */
const refusals: readonly {
  readonly engineCode: number
  readonly text: string
  readonly code: FailureCode
  readonly meaning: string
  readonly hint: string
}[] = [
  {
    engineCode: 0,
    text: 'Transport unknown',
    code: 'transport_refused',
    meaning: 'the server does not offer this transport',
    hint: 'choose another with `transports`, or allow it on the server',
  },
  {
    engineCode: 1,
    text: 'Session ID unknown',
    code: 'session_unknown',
    meaning: 'another node than the one that opened the session answered',
    hint: 'the load balancer lacks sticky sessions: keep a client on one node by cookie or by address',
  },
  {
    engineCode: 2,
    text: 'Bad handshake method',
    code: 'protocol_error',
    meaning: 'the handshake was refused',
    hint: 'does a proxy change the method?',
  },
  {
    engineCode: 4,
    text: 'Forbidden',
    code: 'forbidden',
    meaning: 'the server does not let this request in',
    hint: 'its `allowRequest` decides: check the credentials (`headers`, `query`), and whether it accepts this origin',
  },
  {
    engineCode: 5,
    text: 'Unsupported protocol version',
    code: 'engineio_version',
    meaning: 'the server does not speak the asked version of Engine.IO',
    hint: 'this prober asks for 4: it is Socket.IO 2 or older, or a proxy changes or drops the EIO parameter',
  },
]

/** Names what an HTTP answer in place of Engine.IO amounts to. */
export function engineFailure(answer: HttpAnswer, transport: TransportName, url: URL): ProbeFailure {
  const shown = describeAnswer(answer)
  const json = readRefusal(answer.body)
  const known = refusals.find(({engineCode, text}) => (json ? json.code === engineCode : answer.body === text))
  if (known) return new ProbeFailure(known.code, `${known.meaning}: got ${shown}`, {hint: known.hint})
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
  if (answer.status === 413) {
    return new ProbeFailure('body_refused', `expected the server to take a body, got ${shown}`, {
      hint: 'a proxy takes only small ones (client_max_body_size in nginx), or the server does (maxHttpBufferSize)',
    })
  }
  const polled = url.searchParams.has('sid') ? 'an Engine.IO payload' : 'an Engine.IO open packet'
  const expected = transport === 'websocket' ? '101 Switching Protocols' : polled
  return causeOfAnswer(answer, {expected, url}) ?? unlike(answer, transport, `expected ${expected}, got ${shown}`)
}

function unlike({status}: HttpAnswer, transport: TransportName, message: string): ProbeFailure {
  if (status === 200 || status === 404 || (status >= 300 && status < 400)) {
    return new ProbeFailure('not_engineio', message, {
      hint: 'nothing answers as Engine.IO there: is `path` right, and does the proxy pass it on?',
    })
  }
  if (status === 403) {
    return new ProbeFailure('forbidden', message, {hint: 'not for these credentials, this address or this origin'})
  }
  return new ProbeFailure(transport === 'websocket' ? 'upgrade_refused' : 'http_status', message)
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
