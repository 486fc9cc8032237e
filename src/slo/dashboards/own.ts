import type {DashboardDescription} from './description.ts'

/** The dashboard of what `probe run` exports, on any system. */
export const ownDashboard: DashboardDescription = {
  title: 'Probe',
  refresh: 60_000,
  range: 21_600_000,
  panels: [
    {
      title: 'Promises kept',
      kind: 'table',
      queries: [{expr: 'max by (job, instance, objective, target, status) (probe_slo_status == 1)'}],
      note: 'The verdict of the last run on each objective.',
    },
    {
      title: 'Age of the last run',
      kind: 'stat',
      unit: 's',
      queries: [
        {expr: 'time() - max by (job, instance, location) (probe_last_run_timestamp_seconds)', legend: '{{instance}}'},
      ],
      thresholds: [
        {value: 0, color: 'green'},
        {value: 600, color: 'red'},
      ],
      note: 'What a Pushgateway serves goes on for ever: numbers of an old run say nothing of now.',
    },
    {
      title: 'Checks that fail',
      kind: 'stat',
      queries: [{expr: 'sum by (instance) (probe_success == bool 0)', legend: '{{instance}}'}],
      thresholds: [
        {value: 0, color: 'green'},
        {value: 1, color: 'red'},
      ],
    },
    {
      title: 'Causes',
      kind: 'table',
      queries: [{expr: 'max by (instance, check, target, phase, code) (probe_failure_info)'}],
    },
    {
      title: 'Success by check',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [{expr: 'min by (check, target) (probe_success)', legend: '{{check}} {{target}}'}],
    },
    {
      title: 'Duration by check',
      kind: 'timeseries',
      unit: 's',
      queries: [{expr: 'max by (check, target) (probe_duration_seconds)', legend: '{{check}} {{target}}'}],
    },
    {
      title: 'Signaling round trip (p95)',
      kind: 'timeseries',
      unit: 's',
      queries: [{expr: 'max by (target) (probe_signaling_rtt_seconds{quantile="0.95"})', legend: '{{target}}'}],
    },
    {
      title: 'TURN by phase',
      kind: 'timeseries',
      unit: 's',
      stacked: true,
      queries: [{expr: 'max by (phase) (probe_turn_duration_seconds)', legend: '{{phase}}'}],
    },
    {
      title: 'Loss over the relay',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [{expr: 'max by (target) (probe_turn_echo_loss_ratio)', legend: '{{target}}'}],
    },
    {
      title: 'Days until a certificate expires',
      kind: 'bargauge',
      unit: 'd',
      queries: [
        {
          expr: '(min by (target) (probe_ssl_earliest_cert_expiry) - time()) / 86400',
          legend: '{{target}}',
        },
      ],
      thresholds: [
        {value: 0, color: 'red'},
        {value: 14, color: 'yellow'},
        {value: 30, color: 'green'},
      ],
    },
  ],
}
