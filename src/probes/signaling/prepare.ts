import {ProbeFailure} from '../../core/errors.ts'
import type {Conversation, HttpRequest, Input} from '../../dialect/conversation-state.ts'
import {step} from '../../dialect/conversation.ts'
import {asText} from '../../dialect/filters.ts'
import {httpAnswer, MAX_BODY_BYTES} from '../../dialect/http-answer.ts'
import type {HttpAnswer} from '../../dialect/message.ts'
import {overdue} from '../../dialect/overdue.ts'
import {requestUrl} from '../../dialect/request-url.ts'
import {stageOf} from '../../dialect/stage.ts'
import {exchange} from '../http/exchange.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {fitting, requestHeaders} from '../request-options.ts'
import {within} from '../within.ts'
import {deadlineFailure, failureFrom} from './conversation-failure.ts'
import type {FrameLog} from './frame-log.ts'
import {hideCookies, hideSecrets} from './hide-secrets.ts'
import {signalingAddress, type SignalingOptions} from './options.ts'

interface Preparation {
  readonly state: Conversation
  readonly options: SignalingOptions
  readonly log: FrameLog
}

/** Makes the requests that a dialect has before its connections, in the phase `requests`: what they answer is kept. */
export async function prepare({state, options, log}: Preparation, target: Target, trace: Trace): Promise<Conversation> {
  if (stageOf(state).name !== 'requests') return state
  trace.phase('requests')
  let current = state
  const feed = async (input: Input, signal: AbortSignal): Promise<void> => {
    const stepped = step(current, input, {now: () => trace.now(), random: () => Math.random()})
    current = stepped.state
    log.moved(current)
    for (const output of stepped.outputs) if (output.kind === 'failed') throw failureFrom(output.failure)
    await Promise.all(
      stepped.outputs.map(async (output) => {
        if (output.kind !== 'request') return
        log.asked(output.side, output.request, trace.now())
        const wire = log.wire(output.side)
        wire?.({direction: 'sent', kind: 'http', data: lineOf(output.request)})
        const answer = await ask(output.request, {options, target, trace: {...trace, signal}})
        wire?.({direction: 'received', kind: 'http', data: `${answer.status} ${asText(answer.body)}`})
        const at = trace.now()
        log.received(output.side, {kind: 'http', value: answer}, at)
        await feed({kind: 'answered', side: output.side, answer, at}, signal)
      }),
    )
  }
  const reason = () => {
    const waiting = overdue(current, trace.now())
    return waiting
      ? failureFrom(waiting)
      : new ProbeFailure('timeout', 'no answer to the requests before the connection')
  }
  const ms = options.stepTimeout * Math.max(1, options.dialect.before.length)
  try {
    await within({ms, signal: trace.signal, reason}, (signal) => feed({kind: 'timer'}, signal))
  } catch (error) {
    throw trace.signal.aborted ? deadlineFailure(current, trace) : error
  } finally {
    hideSecrets(current, trace)
  }
  return current
}

/** What the operator sends along is for the target alone, not for whom the dialect asks besides. */
async function ask(
  {method, headers, body, ...where}: HttpRequest,
  {options, target, trace}: {options: SignalingOptions; target: Target; trace: Trace},
): Promise<HttpAnswer> {
  const home = signalingAddress.parse(target.address).url
  const url = new URL(requestUrl(where, home.origin))
  const isHome = url.origin === home.origin
  const own = isHome ? {headers: options.headers, auth: options.auth} : {headers: {}}
  const connection = isHome ? options : {...options, connectTo: undefined}
  const sent = {...requestHeaders(own, trace), ...fitting(headers)}
  const length = body === undefined ? {} : {'content-length': String(Buffer.byteLength(body))}
  const request = {url, method, headers: {...sent, ...length}, body, connection, maxBodyBytes: MAX_BODY_BYTES}
  const answer = await exchange(request, target, quiet(trace))
  hideCookies(answer.headers['set-cookie'] ?? [], trace)
  return httpAnswer({...answer, body: answer.body.toString('utf8')})
}

function lineOf({method, path, query, body = ''}: HttpRequest): string {
  const asked = new URLSearchParams(query).toString()
  return `${method} ${path}${asked && `?${asked}`} ${body}`.trim()
}
