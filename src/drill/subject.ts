import {UserError} from '../core/errors.ts'
import {clientsOf} from '../dialect/plan.ts'
import type {Check} from '../probes/check.ts'
import {httpOptions, type HttpOptions} from '../probes/http/options.ts'
import type {Target} from '../probes/probe.ts'
import {turnOptions, type TurnOptions} from '../probes/turn/options.ts'
import {signalingOptions, type SignalingOptions} from '../probes/signaling/options.ts'
import {askedBefore} from './asked-before.ts'
import type {LoadKind} from './scenarios.ts'

/** What a drill loads: the server of a signaling check, the requests of http checks, the server of a turn check. */
export interface Subject {
  readonly sockets?: {
    readonly target: Target
    /** Whom the dialect asks before its sockets, besides the target. */
    readonly others: readonly Target[]
    readonly options: SignalingOptions
    readonly clients: 1 | 2
  }
  readonly requests?: readonly SubjectRequest[]
  readonly relays?: {readonly target: Target; readonly options: TurnOptions}
}

export interface SubjectRequest {
  readonly name: string
  readonly target: Target
  readonly options: HttpOptions
  readonly timeoutMs: number
  readonly weight: number
}

/** What the configuration says of drills. */
export interface DrillSettings {
  /** The signaling check whose server is loaded; without it the first that has an address. */
  readonly sockets?: string | undefined
  /** The turn check whose server is loaded; without it the first that has an address. */
  readonly relays?: string | undefined
  /** Weights of http checks by their names; without them all reading ones of the first target, alike. */
  readonly requests?: Readonly<Record<string, number>> | undefined
}

/** Finds what the kinds of load need among the checks that have an address. Throws UserError. */
export function subjectOf(checks: readonly Check[], kinds: readonly LoadKind[], settings: DrillSettings): Subject {
  return {
    ...(kinds.includes('sockets') && {sockets: socketsOf(checks, settings)}),
    ...(kinds.includes('requests') && {requests: requestsOf(checks, settings)}),
    ...(kinds.includes('relays') && {relays: relaysOf(checks, settings)}),
  }
}

function socketsOf(checks: readonly Check[], {sockets: wanted}: DrillSettings): NonNullable<Subject['sockets']> {
  const check = checks.find(({name, probe}) => probe === 'signaling' && (wanted === undefined || name === wanted))
  if (!check) {
    throw new UserError(
      wanted === undefined
        ? 'expected a signaling check with an address, got none: this scenario holds sessions of its dialect'
        : `drill.sockets: expected a signaling check with an address, got "${wanted}"`,
      'see "probe config show", and give its target an address',
    )
  }
  const options = signalingOptions.parse(check.options)
  const {dialect, others} = askedBefore(options.dialect, check.name)
  return {target: check.target, others, options: {...options, dialect}, clients: clientsOf(dialect)}
}

function relaysOf(checks: readonly Check[], {relays: wanted}: DrillSettings): NonNullable<Subject['relays']> {
  const check = checks.find(({name, probe}) => probe === 'turn' && (wanted === undefined || name === wanted))
  if (check) return {target: check.target, options: turnOptions.parse(check.options)}
  throw new UserError(
    wanted === undefined
      ? 'expected a turn check with an address, got none: this scenario makes calls through its server'
      : `drill.relays: expected a turn check with an address, got "${wanted}"`,
    'see "probe config show", and give its target an address',
  )
}

function requestsOf(checks: readonly Check[], {requests: weights}: DrillSettings): SubjectRequest[] {
  const http = checks.filter(({probe}) => probe === 'http')
  if (weights) {
    return Object.entries(weights).map(([name, weight]) => {
      const check = http.find((one) => one.name === name)
      if (!check) throw new UserError(`drill.requests: expected an http check with an address, got "${name}"`)
      return requestOf(check, weight)
    })
  }
  const reading = http.map((check) => requestOf(check, 1)).filter(({options}) => /^(GET|HEAD)$/.test(options.method))
  const same = reading.filter(({target}) => target.address === reading[0]?.target.address)
  if (same.length > 0) return same
  throw new UserError(
    'expected an http check with an address, got none: this scenario makes its requests',
    'see "probe config show", and give its target an address',
  )
}

function requestOf({name, target, options, timeoutMs}: Check, weight: number): SubjectRequest {
  return {name, target, options: httpOptions.parse(options), timeoutMs, weight}
}

/** Every server that would be loaded, once. */
export function targetsOf({sockets, relays, requests = []}: Subject): Target[] {
  const all = [
    ...(sockets ? [sockets.target, ...sockets.others] : []),
    ...[relays, ...requests].flatMap((one) => (one ? [one.target] : [])),
  ]
  return [...new Map(all.map((target) => [target.address, target])).values()]
}
