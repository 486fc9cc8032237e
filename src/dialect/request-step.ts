import type {Json} from '../core/json.ts'
import {meetConditions} from './conditions.ts'
import {lookupOf, type Conversation, type HttpRequest} from './conversation-state.ts'
import {complaintIn} from './complaint.ts'
import {describeStep} from './describe-step.ts'
import {describeInstead} from './expectation.ts'
import {asText, encodeUrl} from './filters.ts'
import {updateLane, type Progress} from './lane-state.ts'
import {consume} from './message-step.ts'
import type {Side} from './plan.ts'
import type {RequestStep} from './schema-step.ts'
import {stageOf} from './stage.ts'
import {fill, fillUrl, type Lookup} from './template.ts'

/** Asks by HTTP, once, and goes on when the answer is what was expected. There is no second answer. */
export function runRequest(state: Conversation, side: Side, {step, now}: {step: RequestStep; now: number}): Progress {
  const lane = state.lanes[side]
  const lookup = lookupOf(state, side)
  if (lane.askedAt === undefined) {
    const asked = updateLane(state, side, {lane: {...lane, askedAt: now}})
    return {kind: 'on', state: asked, outputs: [{kind: 'request', side, request: requestOf(step, lookup)}]}
  }
  const message = state.clients[side].inbox.find((arrival) => arrival.message.kind === 'http')?.message
  if (message?.kind !== 'http') return {kind: 'waiting', state}
  const {status} = message.value
  const good = step.expect.where['$.status'] !== undefined || (status >= 200 && status < 300)
  const taken = good ? meetConditions(message.value, step.expect, lookup) : null
  const index = state.clients[side].inbox.findIndex((arrival) => arrival.message === message)
  if (taken) return {kind: 'on', state: consume(state, side, {index, taken, now})}
  const complaint = complaintIn(state, side, message.value.body)
  const got = describeInstead([message])
  return {
    kind: 'failed',
    state,
    failure: {
      code: complaint?.code ?? (good ? 'expectation_unmet' : 'http_status'),
      stage: stageOf(state).name,
      message: complaint?.message ?? `client ${side.toUpperCase()} expected ${describeStep(step)}, got ${got}`,
    },
  }
}

function requestOf({request}: RequestStep, lookup: Lookup): HttpRequest {
  const texts = (templates: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, asText(fill(text, lookup))]))
  const body = bodyOf(request.body, lookup)
  return {
    method: request.method,
    path: fillUrl(request.path, lookup),
    query: texts(request.query),
    headers: {...(body && {'content-type': body.type}), ...lowerCased(texts(request.headers))},
    ...(body && {body: body.text}),
  }
}

function bodyOf(body: RequestStep['request']['body'], lookup: Lookup): {type: string; text: string} | undefined {
  if (!body) return undefined
  if ('json' in body) return {type: 'application/json', text: JSON.stringify(fill(body.json, lookup))}
  if ('text' in body) return {type: 'text/plain; charset=utf-8', text: asText(fill(body.text, lookup))}
  const pairs = Object.entries(body.form).map(([name, text]): [string, Json] => [name, fill(text, lookup)])
  const text = pairs.map(([name, value]) => `${encodeUrl(name)}=${encodeUrl(asText(value))}`).join('&')
  return {type: 'application/x-www-form-urlencoded', text}
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
