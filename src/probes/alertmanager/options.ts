import {z} from 'zod'
import {monitoringAddress, monitoringOptions} from '../monitoring/options.ts'
import type {ProbeSpec} from '../probe.ts'

export const alertmanagerOptions = z.strictObject({
  ...monitoringOptions,
  receivers: z.array(z.string().min(1)).default([]).describe('receivers that must be configured, by name'),
  peers: z.int().positive().optional().describe('how many members the cluster must have'),
})

export type AlertmanagerOptions = z.output<typeof alertmanagerOptions>

export const alertmanagerSpec: ProbeSpec<AlertmanagerOptions> = {
  name: 'alertmanager',
  summary: 'an Alertmanager: ready, settled with its cluster, receivers configured',
  phases: ['ready', 'cluster', 'receivers'],
  options: alertmanagerOptions,
  reject: monitoringAddress.reject,
  owes: () => ({monitoring: 1}),
  load: async () => (await import('./alertmanager.ts')).alertmanager,
}
