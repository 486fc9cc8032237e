import {z} from 'zod'
import {monitoringAddress, monitoringOptions} from '../monitoring/options.ts'
import type {ProbeSpec} from '../probe.ts'

export const prometheusOptions = z.strictObject({
  ...monitoringOptions,
  jobs: z.array(z.string().min(1)).default([]).describe('jobs that must be scraped; without any, some target must'),
  mayBeDown: z.array(z.string().min(1)).default([]).describe('jobs of which targets may be down'),
  rules: z.array(z.string().min(1)).default([]).describe('alerting and recording rules that must be loaded, by name'),
  maxHeadSeries: z.int().positive().optional().describe('more series in memory are a failure'),
})

export type PrometheusOptions = z.output<typeof prometheusOptions>

export const prometheusSpec: ProbeSpec<PrometheusOptions> = {
  name: 'prometheus',
  summary: 'a Prometheus server: healthy, ready, targets up, rules loaded and evaluated, series in memory',
  phases: ['healthy', 'ready', 'targets', 'rules', 'head'],
  options: prometheusOptions,
  reject: monitoringAddress.reject,
  owes: () => ({monitoring: 1}),
  load: async () => (await import('./prometheus.ts')).prometheus,
}
