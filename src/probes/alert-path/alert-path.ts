import {setTimeout as delay} from 'node:timers/promises'
import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import type {Attempt, Trace} from '../probe.ts'
import {within} from '../within.ts'
import {alertsApi, type ActiveAlert, type AlertsApi} from './alerts-api.ts'
import {bringAbout} from './cause.ts'
import type {AlertPathOptions} from './options.ts'
import {openReceiver, type Notification, type Receiver} from './receiver.ts'

/** An alert that nobody ends lasts no longer than this: the probe may be killed before it can. */
const LASTS_MS = 600_000

/** Follows one alert from its cause to the receiver of its notification, and to its end. */
export const alertPath: Attempt<AlertPathOptions> = async (target, options, trace) => {
  const {alert, cause, receiverHost, receiverPort} = options
  trace.phase('listen')
  const receiver = receiverPort === undefined ? null : await openReceiver({host: receiverHost, port: receiverPort})
  const api = alertsApi(target, options, trace)
  try {
    if (cause) {
      const labels = {...options.labels, alertname: alert}
      trace.phase('cause')
      if (await api.find(labels))
        throw new ProbeFailure('unsupported', `${alert} is there already: nothing can be seen to fire`)
      await bringAbout(cause, trace)
      await follow({api, receiver, options, labels}, trace)
      trace.skip('resolve', 'the rule resolves it when its condition is over')
    } else {
      // A name of its own: it joins no group that has been told of already, and waits for no interval of one.
      const alertname = `${alert}-${trace.id.slice(0, 8)}`
      await sendAndFollow({api, receiver, options, labels: {...options.labels, alertname}}, trace)
    }
  } finally {
    await receiver?.close()
  }
  trace.event({indicator: 'alert_path', ok: true})
}

interface Way {
  readonly api: AlertsApi
  readonly receiver: Receiver | null
  readonly options: AlertPathOptions
  /** What the alert is known by. */
  readonly labels: Readonly<Record<string, string>>
}

async function sendAndFollow(way: Way, trace: Trace): Promise<void> {
  const startedAt = trace.wallClock()
  const post = (endsAt: number) =>
    way.api.post({
      labels: way.labels,
      annotations: {summary: 'a test of the way that alerts take: nothing is wrong'},
      startsAt: new Date(startedAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
    })
  trace.phase('send')
  await post(startedAt + LASTS_MS)
  try {
    await follow(way, trace)
  } catch (error) {
    await post(trace.wallClock()).catch(() => {}) // the way is broken: what counts is where
    throw error
  }
  trace.phase('resolve')
  await post(trace.wallClock())
  if (!way.receiver) {
    trace.skip('arrive_resolved', 'nobody waits for a notification')
    return
  }
  trace.phase('arrive_resolved')
  await notified('resolved', way, trace)
}

async function follow(way: Way, trace: Trace): Promise<void> {
  trace.phase('active')
  const active = await untilActive(way, trace)
  trace.fact('receivers', excerpt(active.receivers.map(({name}) => name).join(', '), 200))
  if (!way.receiver) {
    trace.skip('arrive', 'nobody waits for a notification (--receiver-port)')
    return
  }
  trace.phase('arrive')
  const {receiver} = await notified('firing', way, trace)
  trace.fact('notified_by', excerpt(receiver, 60))
}

/** Alertmanager has the alert and would tell somebody: one that is silenced or inhibited reaches nobody. */
async function untilActive({api, options, labels}: Way, trace: Trace): Promise<ActiveAlert> {
  const {fire, every, alert} = options
  const reason = () =>
    new ProbeFailure('alert_lost', `expected the alert ${alert} in Alertmanager within ${formatMs(fire)}, got none`, {
      hint: options.cause
        ? 'does Prometheus have the rule, does it see the condition, and does it send to this Alertmanager?'
        : 'it was accepted a moment ago: does another member of the cluster answer?',
    })
  return within({ms: fire, signal: trace.signal, reason}, async (signal) => {
    for (;;) {
      const found = await api.find(labels)
      if (found?.status.state === 'active') return found
      if (found?.status.state === 'suppressed') throw suppressed(found)
      await delay(every, undefined, {signal})
    }
  })
}

function suppressed({labels, status}: ActiveAlert): ProbeFailure {
  const by = status.silencedBy.length > 0 ? `the silence ${status.silencedBy.join(', ')}` : 'another alert'
  return new ProbeFailure('alert_suppressed', `the alert ${labels.alertname ?? ''} is suppressed by ${excerpt(by)}`, {
    hint: 'end the silence, or test with labels that it does not match',
  })
}

async function notified(
  status: 'firing' | 'resolved',
  {receiver, options, labels}: Way,
  trace: Trace,
): Promise<Notification> {
  if (!receiver) throw new Error('there is no receiver')
  const isOurs = (one: Notification['alerts'][number]) =>
    one.status === status && Object.entries(labels).every(([name, value]) => one.labels[name] === value)
  const reason = () =>
    new ProbeFailure(
      'alert_lost',
      `expected a notification that it is ${status} within ${formatMs(options.arrive)}, got none`,
      {
        hint: `one of the receivers of this alert has to send to port ${receiver.port} of this machine; it waits for group_wait, and for group_interval when resolved`,
      },
    )
  return within({ms: options.arrive, signal: trace.signal, reason}, (signal) =>
    receiver.notified(({alerts}) => alerts.some(isOurs), signal),
  )
}
