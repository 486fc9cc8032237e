import type {Objective} from '../core/objective.ts'
import type {Target} from '../probes/probe.ts'
import {httpAddress} from '../probes/http/options.ts'
import {requestHeaders} from '../probes/request-options.ts'
import {signalingAddress} from '../probes/signaling/options.ts'
import {withPath} from '../probes/url-address.ts'
import {SDP} from '../load/sdp.ts'
import type {RelayLoad, RequestLoad, RequestTemplate, SocketLoad, Workload} from '../load/workload.ts'
import {watchedBounds} from './bounds.ts'
import type {DrillPlan} from './plan.ts'
import type {RelaySize} from './relay-size.ts'
import {maxRequestVus, socketVus, workersOf} from './resources.ts'
import type {Subject, SubjectRequest} from './subject.ts'

export interface WorkloadInput {
  readonly plan: DrillPlan
  readonly subject: Subject
  /** Those that the drill decides. */
  readonly objectives: readonly Objective[]
  /** Names the run in its requests. */
  readonly id: string
  readonly limiterIsFault: boolean
}

/** The workload of a plan, and the values in it that must not show. */
export function workloadOf(input: WorkloadInput): {workload: Workload; secrets: readonly string[]} {
  const {plan, subject, objectives} = input
  const secrets: string[] = []
  const trace = {id: input.id, secret: (value: string) => void secrets.push(value), fact: () => {}}
  const headersOf = (options: Parameters<typeof requestHeaders>[0]) => requestHeaders(options, trace)
  const sockets = subject.sockets && socketLoad(input, headersOf(subject.sockets.options))
  const requests = subject.requests && requestLoad(input, subject.requests, headersOf)
  const {relays} = plan.sizing
  const tls = subject.sockets?.options ?? subject.requests?.[0]?.options
  const target: Target | undefined = subject.sockets?.target ?? subject.requests?.[0]?.target
  const workload: Workload = {
    schema: 1,
    scenario: plan.scenario,
    phases: plan.phases,
    bounds: watchedBounds(objectives),
    userAgent: 'rtc-probe (load drill)',
    insecure: tls?.insecure ?? false,
    ...(sockets && {sockets}),
    ...(requests && {requests}),
    ...(relays && {relays: relayLoad(relays)}),
    ...(target?.family && {family: target.family}),
    ...(tls?.cert && tls.key && {certificate: {cert: tls.cert, key: tls.key}}),
  }
  return {workload, secrets}
}

function socketLoad(
  {plan, subject, limiterIsFault}: WorkloadInput,
  headers: Readonly<Record<string, string>>,
): SocketLoad | undefined {
  const {sockets: size} = plan.sizing
  if (!subject.sockets || !size) return undefined
  const {target, options, clients} = subject.sockets
  const {dialect, roundTripTimeout, matchTimeout, stepTimeout, payload} = options
  const {url: base, tls} = signalingAddress.parse(target.address)
  const url = new URL(base)
  url.protocol = tls ? 'wss:' : 'ws:'
  return {
    url: url.href,
    dialect,
    headers,
    sdp: SDP,
    clients,
    sessions: size.sessions,
    vus: socketVus(plan.sizing, plan.resources.socketsPerVu),
    intervalMs: size.intervalMs,
    lifeMs: size.lifeMs,
    connectTimeoutMs: stepTimeout,
    roundTripTimeoutMs: roundTripTimeout,
    matchTimeoutMs: matchTimeout,
    stepTimeoutMs: stepTimeout,
    retryMs: 1000,
    longestRetryMs: 5000,
    marginMs: roundTripTimeout,
    limiterIsFault,
    ...(size.polling !== undefined && {polling: size.polling}),
    ...(payload && {payload: {...payload}}),
  }
}

/** What a call does, by its size. */
export function relayLoad({calls, ...packets}: RelaySize): RelayLoad {
  return {
    calls,
    ...packets,
    workers: workersOf({calls, ...packets}),
    setUpTimeoutMs: 5000,
    lostAfterMs: 1000,
    retryMs: 1000,
    longestRetryMs: 5000,
    renewMs: 120_000,
  }
}

function requestLoad(
  {plan, limiterIsFault}: WorkloadInput,
  list: readonly SubjectRequest[],
  headersOf: (options: Parameters<typeof requestHeaders>[0]) => Record<string, string>,
): RequestLoad | undefined {
  const {requests: size} = plan.sizing
  if (!size) return undefined
  const common = {
    timeoutMs: Math.max(...list.map(({timeoutMs}) => timeoutMs)),
    list: list.map((one) => templateOf(one, headersOf(one.options))),
    limiterIsFault,
  }
  if (size.model === 'closed') return {...common, model: 'closed', vus: size.vus, thinkMs: size.thinkMs}
  const maxVus = maxRequestVus(size)
  return {...common, model: 'open', perSecond: size.perSecond, vus: Math.ceil(maxVus / 5), maxVus}
}

function templateOf({name, target, options, weight}: SubjectRequest, headers: Record<string, string>): RequestTemplate {
  const {path, method, body, expect} = options
  return {
    name,
    weight,
    method,
    url: withPath(httpAddress.parse(target.address).url, path).href,
    headers,
    statuses: expect.status,
    ...(body !== undefined && {body}),
  }
}
