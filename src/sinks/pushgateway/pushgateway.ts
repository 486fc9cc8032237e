import {redactText, redactUrl} from '../../core/redact.ts'
import {toProbeFailure} from '../../probes/classify.ts'
import type {Sink} from '../sink.ts'
import {groupingKey} from './grouping-key.ts'
import {identify} from './identify.ts'
import type {PushgatewayOptions} from './options.ts'
import {render} from './render.ts'
import {send, type Answer} from './send.ts'

/** In a group of its own: the next run replaces its group, and a failed one has no last success to put there. */
const LAST_SUCCESS = 'probe_last_success_timestamp_seconds'
const LONGEST_QUOTE = 300

/** Pushes the samples of a run as one group, which it replaces whole (PUT), and its success as another. */
export function makePushgateway(options: PushgatewayOptions): Sink {
  const {headers, secrets} = identify(options)
  const base = new URL(options.url)
  return {
    name: 'pushgateway',
    required: options.required,
    timeoutMs: options.timeout,
    async write(samples, run, signal) {
      const groups = [
        {key: groupingKey(run), samples: samples.filter(({name}) => name !== LAST_SUCCESS)},
        {key: groupingKey(run, {group: 'last_success'}), samples: samples.filter(({name}) => name === LAST_SUCCESS)},
      ]
      try {
        for (const group of groups.filter((one) => one.samples.length > 0)) {
          const body = await render(group.samples)
          reject(await send({url: below(base, group.key), headers, body, tls: options.tls}, signal))
        }
      } catch (error) {
        const reason = toProbeFailure(error) ?? (error instanceof Error ? error : new Error(String(error)))
        throw new Error(redactText(`${redactUrl(options.url)}: ${reason.message}`, secrets), {cause: error})
      }
    },
  }
}

function below(base: URL, path: string): URL {
  const url = new URL(base)
  url.username = url.password = url.search = url.hash = ''
  url.pathname = base.pathname.replace(/\/+$/, '') + path
  return url
}

function reject({status, statusText, location, text}: Answer): void {
  if (status === 200 || status === 202) return
  const quote = text && `: ${text.slice(0, LONGEST_QUOTE)}`
  if (status >= 300 && status < 400) {
    const where = location === undefined ? '' : ` to ${redactUrl(location)}`
    throw new Error(`expected 200 or 202, got a redirect (${status})${where}, which is not followed`)
  }
  throw new Error(`expected 200 or 202, got ${`${status} ${statusText}`.trim()}${quote}`)
}
