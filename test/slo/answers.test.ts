import type {ServerResponse} from 'node:http'
import {expect, test} from 'vitest'
import type {Objective} from '../../src/core/objective.ts'
import {judgeObjectives} from '../../src/slo/judge-objectives.ts'
import {prometheusAt} from '../../src/slo/prometheus/prometheus.ts'
import {closing} from '../fixtures/closing.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

const objective: Objective = {
  id: 'latency',
  indicator: 'latency',
  unit: 'ms',
  sources: ['prometheus'],
  kind: 'events',
  role: 'promise',
  minEvents: 1,
  bounds: [{level: 'target', share: 0.95, max: 200, severity: 'warning'}],
  prometheus: {histogram: 'latency_ms', unit: 'ms'},
}

/** What is known of an objective by a server whose answers are wrong: from its first one on, or where it is asked for more than the time. */
async function askedOf(
  answer: (response: ServerResponse) => void,
  from: 'first' | 'later',
): Promise<string | undefined> {
  const server = closing(
    await serveHttp(({url = ''}, response) => {
      if (from === 'first' || !url.includes('time%28%29')) answer(response)
      else response.end(JSON.stringify({status: 'success', data: {resultType: 'scalar', result: [1e9, '1000000000']}}))
    }),
  )
  const access = {address: server.address, headers: {}, timeoutMs: 5000}
  const {verdicts, unreachable} = await judgeObjectives(prometheusAt(access, new AbortController().signal), {
    objectives: [objective],
    promised: new Set(),
    stepMs: 60_000,
    strict: false,
  })
  expect(verdicts.map(({status}) => status)).toEqual(['inconclusive'])
  return unreachable ?? verdicts[0]?.why
}

const success = (resultType: string, result: unknown) => JSON.stringify({status: 'success', data: {resultType, result}})

test.each<[name: string, answer: (response: ServerResponse) => void, why: RegExp]>([
  ['hangs up', (response) => response.destroy(), /^Prometheus cannot be asked: /],
  [
    'hangs up in the middle of an answer',
    (response) => {
      response.writeHead(200, {'content-length': 100})
      response.write('{"status":', () => response.destroy())
    },
    /^Prometheus cannot be asked: /,
  ],
  ['has no end', floodOf('[1,2]'), /^the answer of Prometheus is too long: expected a body of at most 67108864 bytes/],
  [
    'is cut',
    (response) => response.end('{"status":"success","data":'),
    /^expected JSON of the API of Prometheus, got 200/,
  ],
  ['is an error page', (response) => response.writeHead(500).end('<html>'), /^expected JSON .* got 500 .* "<html>"$/],
  ['has no data', (response) => response.end('{"status":"success"}'), /^expected the result of a query, got JSON/],
  [
    'has numbers for texts',
    (response) => response.end(success('vector', [{metric: {}, value: [1, 2]}])),
    /^expected the result of a query, got JSON of another kind$/,
  ],
])('an answer that %s leaves everything unknown, and says why', async (_name, answer, why) => {
  expect(await askedOf(answer, 'first')).toMatch(why)
})

test.each(['NaN', '+Inf'])('a server that does not know the time (%s) is not asked for more', async (time) => {
  const answer = (response: ServerResponse) => response.end(success('scalar', [1, time]))
  expect(await askedOf(answer, 'first')).toBe('expected the time of Prometheus, got none')
})

test.each<[name: string, samples: unknown[], why: string]>([
  ['no series', [], 'no data: latency_ms_bucket has no two samples in the window'],
  [
    'NaN alone',
    [{metric: {le: '+Inf'}, value: [1, 'NaN']}],
    'no data: latency_ms_bucket has no two samples in the window',
  ],
  ['infinite counts', [{metric: {le: '+Inf'}, value: [1, '+Inf']}], 'latency_ms: no bucket ends at 200'],
  [
    'no upper end',
    [{metric: {le: '200'}, value: [1, '5']}],
    'no data: latency_ms_bucket has no two samples in the window',
  ],
  ['bounds that are none', [{metric: {le: 'wide'}, value: [1, '5']}], 'no data: latency_ms_bucket has no two samples'],
])('a histogram with %s leaves its objective unknown', async (_name, samples, why) => {
  // An answer to every question but that for a native histogram, which has no samples of this kind.
  const answer = (response: ServerResponse) => {
    const native = response.req.url?.includes('count%28latency_ms%29') ?? false
    response.end(success(response.req.url?.includes('query_range') ? 'matrix' : 'vector', native ? [] : samples))
  }
  expect(await askedOf(answer, 'later')).toContain(why)
})

/** More than anybody reads, as fast as it is taken. */
function floodOf(text: string): (response: ServerResponse) => void {
  const piece = text.repeat(200_000)
  return (response) => {
    const more = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.on('drain', more)
    more()
  }
}
