import type {FailureCode} from '../core/failure.ts'
import {isJsonObject} from '../core/json.ts'
import {parseJson} from './parse-json.ts'

/** What one of Engine.IO's own refusals means. Over polling they come as JSON, over a refused upgrade as bare text. */
export interface EngineRefusal {
  readonly engineCode: number
  readonly text: string
  readonly code: FailureCode
  readonly meaning: string
  readonly hint: string
}

const refusals: readonly EngineRefusal[] = [
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

/** The refusal that a body is, if it is one of Engine.IO's own. */
export function engineRefusal(body: string): EngineRefusal | undefined {
  const told = toldCode(body)
  return refusals.find(({engineCode, text}) => (told === undefined ? body === text : told === engineCode))
}

/** The number in a refusal as JSON. */
export function toldCode(body: string): number | undefined {
  const value = parseJson(body)
  return isJsonObject(value) && typeof value.code === 'number' ? value.code : undefined
}
