import {expect, test} from 'vitest'
import type {FailureCode} from '../../src/core/failure.ts'
import type {Cell} from '../../src/probes/turn/matrix/cell.ts'
import {networkFacts} from '../../src/probes/turn/matrix/network.ts'

type Short = readonly [transport: Cell['transport'], port: number, outcome: 'works' | FailureCode, ip?: 4 | 6]

function cellOf([transport, port, outcome, ip = 4]: Short): Cell {
  const worked = {works: true, allocation_ms: 1, relayed_address: '192.0.2.1:50000', ipv6_relay: 'no'} as const
  const failed = (code: FailureCode) =>
    ({works: false, failure: {code, phase: code === 'unsupported' ? 'challenge' : 'connect', message: ''}}) as const
  return {
    ...{uri: 'turn:example.org', server: `192.0.2.1:${port}`, transport, port, ip_version: ip},
    outcome: outcome === 'works' ? worked : failed(outcome),
  }
}

test.each<{cells: readonly Short[]; network: string}>([
  {
    cells: [
      ['udp', 3478, 'timeout'],
      ['tcp', 443, 'works'],
    ],
    network: 'UDP blocked here (silence on 3478), TCP 443 works',
  },
  {
    cells: [
      ['udp', 3478, 'timeout'],
      ['udp', 443, 'timeout'],
      ['tcp', 3478, 'timeout'],
      ['tls', 443, 'works'],
    ],
    network: 'UDP blocked here (silence on 3478 and 443), TCP blocked here (silence on 3478), TLS 443 works',
  },
  {
    cells: [
      ['udp', 3478, 'timeout'],
      ['udp', 3479, 'works'],
      ['tcp', 3478, 'refused'],
    ],
    network: 'UDP 3479 works, TCP 3478 refused',
  },
  {
    cells: [
      ['udp', 3478, 'timeout'],
      ['tcp', 3478, 'timeout'],
    ],
    network: 'UDP 3478 silent, TCP 3478 silent', // a dead server is no property of the network
  },
  {
    cells: [
      ['udp', 3478, 'turn_unauthorized'],
      ['tcp', 443, 'timeout'],
      ['tls', 5349, 'tls_expired'],
    ],
    network: 'UDP 3478 answers and refuses us, TCP blocked here (silence on 443), TLS 5349 tls_expired',
  },
  {cells: [['udp', 3478, 'unsupported']], network: 'UDP 3478 answers and refuses us'},
  {
    cells: [
      ['udp', 3478, 'works', 4],
      ['udp', 3478, 'offline', 6],
    ],
    network: 'UDP 3478 works, IPv6 does not work here (offline)',
  },
  {
    cells: [
      ['udp', 3478, 'works', 4],
      ['udp', 3478, 'works', 6],
    ],
    network: 'UDP 3478 works',
  },
])('$network', ({cells, network}) => {
  expect(networkFacts(cells.map(cellOf))).toMatchObject({network, ways: cells.length})
})
