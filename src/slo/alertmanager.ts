import {promDuration} from '../core/duration.ts'
import type {Json} from '../core/json.ts'

/** Who hears of which alert, as a profile documents it. Durations in milliseconds. */
export interface Routing {
  readonly group_by: readonly string[]
  readonly group_wait: number
  readonly group_interval: number
  readonly repeat_interval: number
  readonly resolve_timeout?: number | undefined
  /** Who hears of everything that no route takes away. */
  readonly receiver: string
  readonly routes: readonly {readonly severity: string; readonly receiver: string; readonly continue: boolean}[]
  readonly receivers: Readonly<Record<string, Receiver>>
}

export interface Receiver {
  readonly slack?: {readonly channel: string} | undefined
  readonly pagerduty?: {readonly severity: string} | undefined
  readonly email?: {readonly to: string} | undefined
}

/** What only a deployment knows. Keys and webhook addresses are secrets: Alertmanager reads them from files. */
export interface Delivery {
  /** Folder of the files `slack-api-url` and `pagerduty-routing-key`, as Alertmanager sees it. */
  readonly secrets: string
  /** Mail server, HOST:PORT. */
  readonly smarthost: string
  /** Who the mails are from. */
  readonly from: string
  /** Where `probe alert-path` waits for its test alerts, as Alertmanager reaches it. */
  readonly testReceiver?: string | undefined
}

const TEST_RECEIVER = 'probe-alert-path'
/** Before all other routes, so that a test wakes nobody; at once, since each of its alerts is a group of its own. */
const testRoute = {
  matchers: ['alertname=~"ProbeAlertPath.*"'],
  receiver: TEST_RECEIVER,
  group_by: ['alertname'],
  group_wait: '0s',
  group_interval: '1s',
}

/** The configuration of Alertmanager that routes by the label `severity` as documented. */
export function alertmanagerConfig(routing: Routing, delivery: Delivery): Readonly<Record<string, Json>> {
  const receivers = Object.values(routing.receivers)
  return {
    global: {
      ...(routing.resolve_timeout !== undefined && {resolve_timeout: promDuration(routing.resolve_timeout)}),
      ...(receivers.some(({slack}) => slack) && {slack_api_url_file: `${delivery.secrets}/slack-api-url`}),
      ...(receivers.some(({email}) => email) && {smtp_smarthost: delivery.smarthost, smtp_from: delivery.from}),
    },
    route: {
      receiver: routing.receiver,
      group_by: routing.group_by,
      group_wait: promDuration(routing.group_wait),
      group_interval: promDuration(routing.group_interval),
      repeat_interval: promDuration(routing.repeat_interval),
      routes: [
        ...(delivery.testReceiver === undefined ? [] : [testRoute]),
        ...routing.routes.map((route) => ({
          matchers: [`severity=${JSON.stringify(route.severity)}`],
          receiver: route.receiver,
          ...(route.continue && {continue: true}),
        })),
      ],
    },
    receivers: [
      ...Object.entries(routing.receivers).map(([name, receiver]) => ({name, ...configsOf(receiver, delivery)})),
      ...(delivery.testReceiver === undefined
        ? []
        : [{name: TEST_RECEIVER, webhook_configs: [{url: delivery.testReceiver, send_resolved: true}]}]),
    ],
  }
}

/** One alert tells what, where, and what to do; a group of them one after the other. */
const SLACK_TITLE = '{{ .CommonLabels.alertname }} ({{ .Status }}, {{ .CommonLabels.severity }})'
const SLACK_TEXT =
  '{{ range .Alerts }}{{ .Annotations.summary }}{{ with .Annotations.runbook_url }} {{ . }}{{ end }}\n{{ end }}'

function configsOf({slack, pagerduty, email}: Receiver, {secrets}: Delivery): Readonly<Record<string, Json>> {
  return {
    ...(slack && {
      slack_configs: [{channel: slack.channel, send_resolved: true, title: SLACK_TITLE, text: SLACK_TEXT}],
    }),
    ...(pagerduty && {
      pagerduty_configs: [{routing_key_file: `${secrets}/pagerduty-routing-key`, severity: pagerduty.severity}],
    }),
    ...(email && {email_configs: [{to: email.to, send_resolved: true}]}),
  }
}
