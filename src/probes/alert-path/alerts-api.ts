import {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {exchange} from '../http/exchange.ts'
import {monitoringAddress} from '../monitoring/options.ts'
import type {Target, Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {requestHeaders} from '../request-options.ts'
import {withPath} from '../url-address.ts'
import type {AlertPathOptions} from './options.ts'

const alertShape = z.object({
  labels: z.record(z.string(), z.string()),
  receivers: z.array(z.object({name: z.string()})).default([]),
  status: z.object({
    state: z.enum(['unprocessed', 'active', 'suppressed']),
    silencedBy: z.array(z.string()).default([]),
    inhibitedBy: z.array(z.string()).default([]),
  }),
})

export type ActiveAlert = z.output<typeof alertShape>

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** RFC 3339. */
  readonly startsAt: string
  readonly endsAt: string
}

/** Alertmanager's API v2, as much of it as an alert on its way needs. */
export interface AlertsApi {
  post(alert: PostedAlert): Promise<void>
  /** The alert with these labels, if Alertmanager has one. */
  find(labels: Readonly<Record<string, string>>): Promise<ActiveAlert | undefined>
}

const LONGEST_ANSWER = 4 * 1024 * 1024

export function alertsApi(target: Target, options: AlertPathOptions, trace: Trace): AlertsApi {
  const headers = requestHeaders(options, trace)
  const base = withPath(monitoringAddress.parse(target.address).url, options.path)
  const ask = async (path: string, body?: string): Promise<string> => {
    const request = {
      url: withPath(base, path),
      method: body === undefined ? 'GET' : 'POST',
      headers: {...headers, ...(body !== undefined && {'content-type': 'application/json'})},
      body,
      connection: options,
      maxBodyBytes: LONGEST_ANSWER,
    }
    const {status, reason, body: answer} = await exchange(request, target, quiet(trace))
    const text = answer.toString('utf8')
    if (status === 200) return text
    throw new ProbeFailure('http_status', `expected 200 from ${path.split('?')[0] ?? path}, got ${status} ${reason}`, {
      hint: excerpt(text),
    })
  }
  return {
    async post(alert) {
      await ask('/api/v2/alerts', JSON.stringify([alert]))
    },
    async find(labels) {
      const filters = new URLSearchParams()
      for (const [name, value] of Object.entries(labels)) filters.append('filter', `${name}=${JSON.stringify(value)}`)
      const text = await ask(`/api/v2/alerts?${filters.toString()}`)
      const parsed = z.array(alertShape).safeParse(JSON.parse(text))
      if (!parsed.success) throw new ProbeFailure('http_body', `expected a list of alerts, got "${excerpt(text)}"`)
      return parsed.data[0]
    },
  }
}
