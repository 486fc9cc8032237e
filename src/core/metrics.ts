import type {Sample} from './sample.ts'

/**
 * Every family that is exported, with its help text. Names are blackbox_exporter's wherever it has one. A name or a
 * type that was once published stands in people's rules, and a changed type is refused by the Pushgateway: neither
 * changes any more.
 */
export const metrics = {
  // one check on one target: {check, probe, target}
  probe_success: 'Whether every attempt of the last run succeeded; absent when it could not be measured.',
  probe_duration_seconds: 'Duration of the attempt that the other probe metrics describe.',
  probe_failure_info: 'The cause of the failure by code and phase; its value is always 1.',
  probe_dns_lookup_time_seconds: 'Time that name resolution took.',
  probe_ip_protocol: 'IP version of the address that was probed: 4 or 6.',
  probe_ssl_earliest_cert_expiry: 'When the certificate of the server expires, in Unix time.',
  probe_tls_version_info: 'TLS version that was negotiated; its value is always 1.',
  probe_http_duration_seconds: 'Duration of an HTTP request by phase, 0 where not reached.',
  probe_http_status_code: 'HTTP status code of the response, 0 without one.',
  probe_websocket_duration_seconds: 'Duration of a WebSocket probe by phase, 0 where not reached.',
  probe_websocket_connection_upgraded: 'Whether the server upgraded the connection to WebSocket.',
  probe_socketio_duration_seconds: 'Duration of a Socket.IO handshake by phase, 0 where not reached.',
  probe_signaling_duration_seconds: 'Duration of a signaling session by phase, 0 where not reached.',
  probe_signaling_rtt_seconds: 'Signaling round trips of the last run.',
  probe_stun_duration_seconds: 'Duration of a STUN binding by phase, 0 where not reached.',
  probe_turn_duration_seconds: 'Duration of a TURN session by phase, 0 where not reached.',
  probe_turn_error_code: 'ERROR-CODE of the refusal of the TURN server, 0 without one.',
  probe_turn_echo_rtt_seconds: 'Round trips over the relay in the last run.',
  probe_turn_echo_loss_ratio: 'Share of the packets sent over the relay that did not come back.',
  probe_turn_echo_jitter_seconds: 'Interarrival jitter of the packets that came over the relay (RFC 3550).',
  probe_ice_duration_seconds: 'Duration of an ICE session by phase, 0 where not reached.',
  probe_call_duration_seconds: 'Duration of a call by phase, 0 where not reached.',
  probe_call_setup_seconds: 'Time from the offer to the open data channel of a call.',
  probe_call_media_loss_ratio: 'Share of the packets of a call that did not arrive, both ways together.',
  probe_call_media_jitter_seconds: 'Interarrival jitter of the packets of a call (RFC 3550), of the worse way.',
  // one objective on one target: {objective, indicator, source, target}
  probe_slo_status: 'The verdict on an objective: 1 for the status that holds, 0 for the others.',
  probe_slo_events: 'Events that were judged against a bound in the last run.',
  probe_slo_good_events: 'Events that were good by a bound in the last run.',
  // the run
  probe_run_status: 'The verdict on the run: 1 for the status that holds, 0 for the others.',
  probe_run_duration_seconds: 'Duration of the last run.',
  probe_last_run_timestamp_seconds: 'When the last run ended, in Unix time.',
  probe_last_success_timestamp_seconds: 'When the last run that passed ended, in Unix time.',
} as const satisfies Readonly<Record<`probe_${string}`, string>>

export type MetricName = keyof typeof metrics
export type Labels = Sample['labels']

export function gauge(name: MetricName, labels: Labels, value: number): Sample {
  return {name, type: 'gauge', help: metrics[name], labels, value}
}

/** The given quantiles of some values with their sum and count, as Prometheus writes a summary. Nothing without values. */
export function summary(
  name: MetricName,
  labels: Labels,
  {values, quantiles}: {values: readonly number[]; quantiles: readonly (readonly [share: number, value: number])[]},
): Sample[] {
  if (values.length === 0) return []
  const sample = (suffix: '' | '_sum' | '_count', value: number, extra: Labels = {}): Sample => ({
    name: `${name}${suffix}`,
    type: 'summary',
    help: metrics[name],
    labels: {...labels, ...extra},
    value,
  })
  return [
    ...quantiles.map(([share, value]) => sample('', value, {quantile: String(share)})),
    sample(
      '_sum',
      values.reduce((sum, value) => sum + value, 0),
    ),
    sample('_count', values.length),
  ]
}
