import {spread} from '../../src/load/timetable.ts'
import type {RequestTemplate} from '../../src/load/workload.ts'
import {exec, http, sleep} from '../init/k6.ts'
import {workload} from '../init/workload.ts'
import {tellBegin} from './begin.ts'
import * as measure from './measure.ts'

/** One request of the mix. */
export function request(): void {
  const load = workload.requests
  const template = load && pick(load.list)
  if (!load || !template) return
  tellBegin()
  if (load.model === 'closed') measure.vuStarted()
  const at = measure.phaseTags()
  measure.enterPhase(at)
  const response = http.request(template.method, template.url, template.body ?? null, {
    headers: {...template.headers},
    timeout: `${load.timeoutMs}ms`,
    redirects: 0,
    responseType: 'none',
    tags: {name: template.name},
  })
  const {status, timings} = response
  if (status === 429 && !load.limiterIsFault) measure.refusedByLimit(at)
  else {
    // As a user waits: for a connection, too, where none is open.
    const ms = timings.blocked + timings.connecting + timings.tls_handshaking + timings.duration
    const ok = status > 0 && isExpected(status, template)
    measure.event('health', ok, {at, value: ms})
    measure.event('http_request', status > 0 && status < 400, {at})
    measure.request(ms, ok, at)
    if (!ok) {
      if (status >= 400) measure.refusal(status)
      measure.failure(status > 0 ? 'http_status' : failureOf(response.error_code), response.error || `status ${status}`)
    }
  }
  measure.event('rate_limited_request', status !== 429, {at})
  measure.flush() // this virtual user may never be asked again
  if (load.model === 'closed') sleep(load.thinkMs / 1000)
}

/** Every template by its weight, in an order of its own that all runners share. */
function pick(list: readonly RequestTemplate[]): RequestTemplate | undefined {
  const total = list.reduce((sum, {weight}) => sum + weight, 0)
  let left = spread(exec.scenario.iterationInTest) * total
  return list.find(({weight}) => (left -= weight) < 0) ?? list[0]
}

function isExpected(status: number, {statuses}: RequestTemplate): boolean {
  return statuses.some((one) => one === status || one === `${Math.floor(status / 100)}xx`)
}

/** k6's own numbers: https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
function failureOf(code: number): 'dns_failed' | 'refused' | 'reset' | 'timeout' | 'tls_protocol' | 'closed' {
  if (code >= 1100 && code < 1200) return 'dns_failed'
  if (code === 1212) return 'refused'
  if (code === 1220) return 'reset'
  if (code === 1050 || code === 1211) return 'timeout'
  if (code >= 1300 && code < 1400) return 'tls_protocol'
  return 'closed'
}
