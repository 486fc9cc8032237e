import {expect, test} from 'vitest'
import {blameOf, failureCodes} from '../../src/core/failure.ts'
import {layerOf} from '../../src/core/layer.ts'

test('every code is one lower-case word, for labels and alert rules', () => {
  for (const code of failureCodes) expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
})

test('only the target can break a layer of the target', () => {
  for (const code of failureCodes) {
    const layer = layerOf({code, phase: 'connect', message: ''}, 'http')
    expect(layer === 'prober' || layer === 'request').toBe(blameOf(code) !== 'target')
  }
})

test.each([
  ['dns_not_found', 'processing', 'http', 'DNS'],
  ['timeout', 'resolve', 'turn', 'DNS'],
  ['refused', 'connect', 'turn', 'network'],
  ['tls_expired', 'connect', 'http', 'TLS'],
  ['not_tls', 'tls', 'http', 'TLS'],
  ['http_status', 'processing', 'http', 'HTTP'],
  ['upgrade_dropped', 'upgrade', 'socketio', 'WebSocket'],
  ['connect_error', 'namespace', 'socketio', 'Socket.IO'],
  ['unmatched', 'match', 'signaling', 'signaling'],
  ['turn_quota', 'allocate', 'turn', 'TURN'],
  ['ice_failed', 'ice', 'ice', 'ICE'],
  ['crashed', 'connect', 'http', 'prober'],
] as const)('%s in %s of %s breaks %s', (...[code, phase, probe, layer]) => {
  expect(layerOf({code, phase, message: ''}, probe)).toBe(layer)
})
