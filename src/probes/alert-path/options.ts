import {z} from 'zod'
import {duration, timer} from '../duration-option.ts'
import {monitoringAddress, monitoringOptions} from '../monitoring/options.ts'
import type {ProbeSpec} from '../probe.ts'

const labels = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected the name of a label'), z.string())

/** A condition that is brought about on purpose, so that a rule fires by itself. */
const cause = z.strictObject({
  url: z
    .url({protocol: /^https?$/, error: 'expected an http:// or https:// address'})
    .describe('where the requests go'),
  method: z.enum(['GET', 'POST']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  times: z.int().min(1).max(1000).describe('how many requests cross the threshold'),
  rate: z.number().positive().max(100).default(10).describe('requests a second'),
})

export const alertPathOptions = z.strictObject({
  ...monitoringOptions,
  alert: z.string().min(1).default('ProbeAlertPath').describe('name of the alert that is sent, or that has to fire'),
  labels: labels.default({}).describe('labels that the alert is sent with, such as its severity'),
  cause: cause.optional().describe('what makes a rule fire; without it a test alert is sent'),
  fire: timer().default(120_000).describe('how long it may take until Alertmanager has the alert'),
  arrive: timer().default(60_000).describe('how long it may take until a notification arrives'),
  receiverHost: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address that the receiver of notifications listens on'),
  receiverPort: z.int().min(0).max(65_535).optional().describe('its port; without it nobody waits for a notification'),
  every: duration().default(250).describe('how often Alertmanager is asked'),
})

export type AlertPathOptions = z.output<typeof alertPathOptions>

export const alertPathSpec: ProbeSpec<AlertPathOptions> = {
  name: 'alert-path',
  summary: 'an alert on its way: sent or caused, active in Alertmanager, arrived at a receiver, resolved',
  phases: ['listen', 'cause', 'send', 'active', 'arrive', 'resolve', 'arrive_resolved'],
  options: alertPathOptions,
  reject: monitoringAddress.reject,
  owes: () => ({alert_path: 1}),
  takesMs: ({cause, fire, arrive, receiverPort}) =>
    fire + (receiverPort === undefined ? 0 : 2 * arrive) + (cause ? (cause.times / cause.rate) * 1000 : 0),
  load: async () => (await import('./alert-path.ts')).alertPath,
}
