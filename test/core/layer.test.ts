import {expect, test} from 'vitest'
import {blameOf, failureCodes, type FailureCode} from '../../src/core/failure.ts'
import {layerOf} from '../../src/core/layer.ts'

test.each<[FailureCode, phase: string, probe: string, layer: string]>([
  ['dns_not_found', 'resolve', 'http', 'DNS'],
  ['dns_not_found', 'processing', 'http', 'DNS'],
  ['refused', 'connect', 'http', 'network'],
  ['refused', 'challenge', 'turn', 'network'],
  ['unreachable', 'binding', 'stun', 'network'],
  ['timeout', 'connect', 'signaling', 'network'],
  ['timeout', 'resolve', 'turn', 'DNS'],
  ['tls_expired', 'tls', 'turn', 'TLS'],
  ['not_tls', 'tls', 'websocket', 'TLS'],
  ['http_status', 'processing', 'http', 'HTTP'],
  ['upgrade_refused', 'upgrade', 'websocket', 'WebSocket'],
  ['connect_error', 'namespace', 'socketio', 'Socket.IO'],
  ['unmatched', 'match', 'signaling', 'signaling'],
  ['timeout', 'binding', 'stun', 'STUN'],
  ['turn_unauthorized', 'allocate', 'turn', 'TURN'],
  ['ice_failed', 'ice', 'ice', 'ICE'],
  ['offline', 'connect', 'http', 'prober'],
  ['unsupported', 'resolve', 'http', 'request'],
])('%s in the phase %s of %s is the layer %s', (...[code, phase, probe, layer]) => {
  expect(layerOf({code, phase, message: ''}, probe)).toBe(layer)
})

test('only the target can break a layer of the target', () => {
  for (const code of failureCodes) {
    const layer = layerOf({code, phase: 'connect', message: ''}, 'http')
    expect(layer === 'prober' || layer === 'request').toBe(blameOf(code) !== 'target')
  }
})
