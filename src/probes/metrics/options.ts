import {z} from 'zod'
import type {ProbeSpec} from '../probe.ts'
import {requestOptions} from '../request-options.ts'
import {connectionOptions} from '../connection-options.ts'
import {urlAddress} from '../url-address.ts'
import {required} from './check-contract.ts'
import {contractSchema} from './contract-schema.ts'

const MIB = 1024 * 1024

export const metricsOptions = z.strictObject({
  ...requestOptions,
  format: z
    .enum(['auto', 'prometheus', 'openmetrics', 'json'])
    .default('auto')
    .describe('what to ask for; auto reads whatever comes'),
  contract: contractSchema.default({}).describe("what must be exported; the profile's `metrics` if nothing is said"),
  maxSeries: z.int().min(1).default(100).describe('more series of one promised family are told'),
  maxBodyBytes: z
    .int()
    .positive()
    .max(64 * MIB)
    .default(16 * MIB)
    .describe('longest answer that is read'),
  ...connectionOptions,
})

export type MetricsOptions = z.output<typeof metricsOptions>

export const metricsAddress = urlAddress(['http', 'https'])

export const metricsSpec: ProbeSpec<MetricsOptions> = {
  name: 'metrics',
  summary: 'a page of metrics, in the formats of Prometheus or in JSON, held against what was promised',
  phases: ['resolve', 'connect', 'tls', 'processing', 'transfer', 'read'],
  options: metricsOptions,
  reject: metricsAddress.reject,
  owes({contract}) {
    const families = required(contract).length
    return families > 0 ? {metric_family: families} : {}
  },
}
