import {setTimeout as delay} from 'node:timers/promises'
import {exchange} from '../http/exchange.ts'
import type {Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {requestHeaders} from '../request-options.ts'
import type {AlertPathOptions} from './options.ts'

const LONGEST_ANSWER = 1024 * 1024

/** Makes the requests, evenly spread, one after the other. What they are answered with is the point: any status will do. */
export async function bringAbout(cause: NonNullable<AlertPathOptions['cause']>, trace: Trace): Promise<void> {
  const headers = requestHeaders({headers: cause.headers}, trace)
  const statuses = new Map<number, number>()
  const startedAt = trace.now()
  for (let sent = 0; sent < cause.times; sent++) {
    const waitMs = startedAt + (sent / cause.rate) * 1000 - trace.now()
    if (waitMs > 0) await delay(waitMs, undefined, {signal: trace.signal})
    const {method, body} = cause
    const request = {url: new URL(cause.url), method, headers, body, connection: {}, maxBodyBytes: LONGEST_ANSWER}
    const {status} = await exchange(request, {}, quiet(trace))
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const told = [...statuses].map(([status, count]) => `${count} × ${status}`)
  trace.fact('caused', told.join(', '))
}
