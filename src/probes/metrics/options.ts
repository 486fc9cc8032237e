import {z} from 'zod'
import type {Contract} from '../../core/contract.ts'
import type {ProbeSpec} from '../probe.ts'
import {requestOptions} from '../request-options.ts'
import {connectionOptions} from '../connection-options.ts'
import {sizeLimit} from '../size-option.ts'
import {urlAddress} from '../url-address.ts'
import {required} from './check-contract.ts'
import {contractSchema, metricName} from './contract-schema.ts'

export const metricsOptions = z
  .strictObject({
    ...requestOptions,
    format: z
      .enum(['auto', 'prometheus', 'openmetrics', 'json'])
      .default('auto')
      .describe('what to ask for; auto reads whatever comes'),
    contract: contractSchema.default({}).describe("what must be exported; the profile's `metrics` if nothing is said"),
    families: z
      .array(metricName)
      .min(1)
      .optional()
      .describe('the families of the contract that are on this page; all of them if nothing is said'),
    maxSeries: z.int().min(1).default(100).describe('more series of one promised family are told'),
    maxBodyBytes: sizeLimit(16).describe('longest answer that is read'),
    ...connectionOptions,
  })
  .refine(({contract, families = []}) => families.every((name) => Object.hasOwn(contract, name)), {
    path: ['families'],
    error: 'expected families of the contract, got others',
  })

export type MetricsOptions = z.output<typeof metricsOptions>

/** The part of the contract that this page is to keep. */
export function promisedBy({contract, families}: Pick<MetricsOptions, 'contract' | 'families'>): Contract {
  if (!families) return contract
  return Object.fromEntries(Object.entries(contract).filter(([name]) => families.includes(name)))
}

export const metricsAddress = urlAddress('http')

export const metricsSpec: ProbeSpec<MetricsOptions> = {
  name: 'metrics',
  summary: 'a page of metrics, in the formats of Prometheus or in JSON, held against what was promised',
  phases: ['resolve', 'connect', 'tls', 'processing', 'transfer', 'read'],
  options: metricsOptions,
  reject: metricsAddress.reject,
  owes(options) {
    const families = required(promisedBy(options)).length
    return families > 0 ? {metric_family: families} : {}
  },
  load: async () => (await import('./metrics.ts')).metrics,
}
