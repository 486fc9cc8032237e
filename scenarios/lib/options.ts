import type {Options, Stage} from 'k6/options'
import {tagOf, type LoadPhase} from '../../src/load/curve.ts'
import {tallyMetrics} from '../../src/load/measures.ts'
import {SHARES} from '../../src/load/shares.ts'
import {phased, tagged} from '../../src/load/summary-parts.ts'
import type {RequestLoad, Workload} from '../../src/load/workload.ts'

/** How k6 carries out a workload. Nothing aborts it from inside: who watches it has the sum of all runners. */
export function optionsOf(workload: Workload): Options {
  const {phases, sockets, requests, insecure, userAgent, family, certificate} = workload
  const scenarios: Record<string, object> = {}
  if (sockets) {
    scenarios.sockets = {
      executor: 'per-vu-iterations',
      exec: 'sockets',
      vus: sockets.vus,
      iterations: 1,
      // Every session closes itself; what does not is cut off a little later.
      maxDuration: `${Math.ceil((phases.at(-1)?.endMs ?? 0) + 3000)}ms`,
      gracefulStop: '5s',
    }
  }
  if (requests) scenarios.requests = requestScenario(requests, phases)
  return {
    scenarios: scenarios as Options['scenarios'] & object, // its types are classes without a constructor
    thresholds: thresholds(workload),
    summaryTrendStats: ['count', 'min', 'avg', 'max', ...SHARES.map((share) => `p(${share})`)],
    systemTags: ['status', 'name', 'expected_response', 'scenario'],
    discardResponseBodies: true,
    insecureSkipTLSVerify: insecure,
    userAgent,
    ...(family && {dns: {ttl: '5m', select: 'random', policy: family === 4 ? 'onlyIPv4' : 'onlyIPv6'}}),
    ...(certificate && {tlsAuth: [{...certificate}]}),
  }
}

function requestScenario(requests: RequestLoad, phases: readonly LoadPhase[]): object {
  if (requests.model === 'closed') {
    return {
      executor: 'ramping-vus',
      exec: 'requests',
      startVUs: 0,
      stages: stagesOf(phases, requests.vus),
      gracefulRampDown: '5s',
      gracefulStop: '5s',
    }
  }
  return {
    executor: 'ramping-arrival-rate',
    exec: 'requests',
    startRate: 0,
    timeUnit: '1m', // rates are whole numbers
    preAllocatedVUs: requests.vus,
    maxVUs: requests.maxVus,
    stages: stagesOf(phases, requests.perSecond * 60),
    gracefulStop: '5s',
  }
}

function stagesOf(phases: readonly LoadPhase[], full: number): Stage[] {
  return phases.flatMap(({from, to, startMs, endMs}, index) => [
    ...(from === (phases[index - 1]?.to ?? 0) ? [] : [{target: Math.round(from * full), duration: '0s'}]),
    {target: Math.round(to * full), duration: `${Math.round(endMs - startMs)}ms`},
  ])
}

/** k6 sums up only what a threshold names: these hold always, and their absence from a summary is an error. */
function thresholds({phases, bounds}: Workload): Record<string, string[]> {
  const tags = [...new Set(phases.map(tagOf))]
  const ofPhases = (metric: string) => tags.map((phase) => `${metric}{phase:${phase}}`)
  const rates = phased.rates.flatMap(ofPhases)
  const tallies = [...phased.tallies, ...bounds.map(({metric}) => metric)].map(tallyMetrics)
  const counters = [
    ...[...phased.counters, ...tallies.flatMap(({events, bad}) => [events, bad])].flatMap(ofPhases),
    ...Object.entries(tagged).flatMap(([metric, codes]) => codes.map((code) => `${metric}{code:${code}}`)),
  ]
  const trends = phased.trends.flatMap(ofPhases)
  const always = (names: readonly string[], condition: string) =>
    Object.fromEntries(names.map((name) => [name, [condition]]))
  return {...always(rates, 'rate>=0'), ...always(counters, 'count>=0'), ...always(trends, 'max>=0')}
}
