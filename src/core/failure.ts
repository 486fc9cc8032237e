/** Whose fault a failure is. Only the target's faults count against an objective; the others mean "could not measure". */
export type Blame = 'target' | 'prober' | 'operator'

/**
 * The one table of causes. A code is stable for ever: it stands in reports, in metrics and in people's alert rules.
 * Names are the field's own: errno words for sockets, RFC words for protocols.
 */
const blames = {
  // name resolution
  dns_not_found: 'target',
  dns_failed: 'target',
  // reaching the port
  refused: 'target',
  unreachable: 'target',
  reset: 'target',
  closed: 'target',
  timeout: 'target',
  // TLS
  tls_untrusted: 'target',
  tls_incomplete_chain: 'target',
  tls_self_signed: 'target',
  tls_expired: 'target',
  tls_not_yet_valid: 'target',
  tls_wrong_name: 'target',
  tls_client_certificate: 'target',
  tls_protocol: 'target',
  not_tls: 'target',
  // HTTP
  not_http: 'target',
  http_status: 'target',
  http_header: 'target',
  http_body: 'target',
  http_too_large: 'target',
  http_redirect: 'target',
  // any answer in place of the protocol's own
  needs_tls: 'target',
  login_required: 'target',
  forbidden: 'target',
  origin_refused: 'target',
  backend_down: 'target',
  at_limit: 'target',
  // WebSocket (RFC 6455)
  upgrade_refused: 'target',
  upgrade_dropped: 'target',
  upgrade_invalid: 'target',
  not_websocket: 'target',
  subprotocol: 'target',
  closed_early: 'target',
  close_code: 'target',
  idle_timeout: 'target',
  heartbeat_missed: 'target',
  unexpected_message: 'target',
  protocol_error: 'target',
  // Engine.IO and Socket.IO
  not_engineio: 'target',
  engineio_version: 'target',
  transport_refused: 'target',
  session_unknown: 'target',
  upgrade_failed: 'target',
  connect_error: 'target',
  namespace_invalid: 'target',
  parser_mismatch: 'target',
  not_socketio: 'target',
  body_refused: 'target',
  // signaling
  expectation_unmet: 'target',
  round_trips_lost: 'target',
  unmatched: 'target',
  undelivered: 'target',
  sdp_refused: 'target',
  signaling_error: 'target',
  peer_absent: 'target',
  peer_refused: 'target',
  peer_queued: 'target',
  offer_expired: 'target',
  // STUN and TURN (RFC 8489, RFC 8656)
  not_stun: 'target',
  stun_malformed: 'target',
  stun_integrity: 'target',
  stun_error: 'target',
  turn_unauthorized: 'target',
  turn_credential_expired: 'target',
  turn_forbidden: 'target',
  turn_allocation_mismatch: 'target',
  turn_stale_nonce: 'target',
  turn_unsupported_transport: 'target',
  turn_address_family: 'target',
  turn_quota: 'target',
  turn_capacity: 'target',
  turn_redirected: 'target',
  turn_lost: 'target',
  // ICE, DTLS, data channels
  ice_failed: 'target',
  ice_consent_lost: 'target',
  ice_engine: 'target',
  media_lost: 'target',
  // metrics and whoever collects them
  metrics_malformed: 'target',
  metrics_contract: 'target',
  monitoring_incomplete: 'target',
  alert_lost: 'target',
  alert_suppressed: 'target',
  monitoring_target_down: 'target',
  monitoring_overloaded: 'target',
  // the target behaved, the measurement did not happen
  stranger: 'prober',
  offline: 'prober',
  exhausted: 'prober',
  aborted: 'prober',
  out_of_time: 'prober',
  proxy_failed: 'prober',
  crashed: 'prober',
  // what the operator asked for cannot be done
  unsupported: 'operator',
} as const satisfies Record<string, Blame>

export type FailureCode = keyof typeof blames

/** Every code, for schemas and documentation. */
export const failureCodes = Object.keys(blames) as readonly FailureCode[]

export function blameOf(code: FailureCode): Blame {
  return blames[code]
}

/** Why an attempt ended badly: what happened, in which phase, and what to do about it. */
export interface Failure {
  readonly code: FailureCode
  readonly phase: string
  readonly message: string
  readonly hint?: string
  readonly runbook?: string
}
