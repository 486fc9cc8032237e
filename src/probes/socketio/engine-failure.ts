import {causeOfAnswer} from '../answer-cause.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {engineRefusal, toldCode} from '../../dialect/engine-refusal.ts'
import {describeAnswer, type HttpAnswer} from '../http-answer.ts'

export type TransportName = 'websocket' | 'polling'

/** Names what an HTTP answer in place of Engine.IO amounts to. */
export function engineFailure(answer: HttpAnswer, transport: TransportName, url: URL): ProbeFailure {
  const shown = describeAnswer(answer)
  const known = engineRefusal(answer.body)
  if (known) return new ProbeFailure(known.code, `${known.meaning}: got ${shown}`, {hint: known.hint})
  // Engine.IO says "bad request" as JSON to a plain GET that asks for transport=websocket: the upgrade got lost.
  if (transport === 'websocket' && toldCode(answer.body) === 3) {
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
