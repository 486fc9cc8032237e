import {expect, test} from 'vitest'
import {refuseOwnArguments} from '../../src/drill/k6/arguments.ts'
import {k6Environment} from '../../src/drill/k6/environment.ts'

test('k6 has what Go needs and the settings of its outputs, and nothing else of our environment', () => {
  const env = {
    PATH: '/bin',
    SSL_CERT_FILE: '/ca.pem',
    K6_PROMETHEUS_RW_SERVER_URL: 'http://prometheus:9090/api/v1/write',
    K6_VUS: '5',
    K6_NO_THRESHOLDS: 'true',
    K6_OUT: 'json',
    HTTPS_PROXY: 'http://proxy:3128',
    http_proxy: 'http://proxy:3128',
    PROBE_TOKEN: 'secret',
  }
  expect(Object.keys(k6Environment(env, {PROBE_DRILL_WORKLOAD: '{}'})).toSorted()).toEqual([
    'K6_AUTO_EXTENSION_RESOLUTION',
    'K6_NEW_MACHINE_READABLE_SUMMARY',
    'K6_NO_USAGE_REPORT',
    'K6_PROMETHEUS_RW_SERVER_URL',
    'PATH',
    'PROBE_DRILL_WORKLOAD',
    'SSL_CERT_FILE',
  ])
})

test.each([
  '--vus=5',
  '--rps=1',
  '-d',
  '--throw',
  '--console-output=x',
  '--no-vu-connection-reuse',
  '--config=mine.json',
])('%s would make another load, or keep it from telling of it', (argument) => {
  expect(() => refuseOwnArguments([argument])).toThrow(`--k6-arg: ${argument} is set by the drill itself`)
})

test.each(['--local-ips=10.0.0.0/28', '--tag=place=here', '--dns=ttl=0', '--verbose'])(
  '%s is passed on',
  (argument) => {
    expect(() => refuseOwnArguments([argument])).not.toThrow()
  },
)
