import {z} from 'zod'
import {monitoringAddress, monitoringOptions} from '../monitoring/options.ts'
import type {ProbeSpec} from '../probe.ts'

export const grafanaOptions = z.strictObject({
  ...monitoringOptions,
  dashboards: z
    .array(z.string().min(1))
    .default([])
    .describe('dashboards that must be there, by a part of their titles; needs `auth` that may list them'),
})

export type GrafanaOptions = z.output<typeof grafanaOptions>

export const grafanaSpec: ProbeSpec<GrafanaOptions> = {
  name: 'grafana',
  summary: 'a Grafana: its database answers, the dashboards are there',
  phases: ['health', 'dashboards'],
  options: grafanaOptions,
  reject: monitoringAddress.reject,
  owes: ({dashboards}) => ({monitoring: 1, ...(dashboards.length > 0 && {dashboard: dashboards.length})}),
  load: async () => (await import('./grafana.ts')).grafana,
}
