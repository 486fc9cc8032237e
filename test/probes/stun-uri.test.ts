import {describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {parseStunUri, parseTurnUri} from '../../src/probes/stun/uri.ts'

describe('addresses of STUN and TURN servers (RFC 7064, RFC 7065)', () => {
  test.each([
    ['stun:example.org', {host: 'example.org', port: 3478, protocol: 'udp'}],
    ['STUN:example.org:1', {host: 'example.org', port: 1, protocol: 'udp'}],
    ['stuns:example.org', {host: 'example.org', port: 5349, protocol: 'tls'}],
    ['stun:[2001:db8::1]:65535', {host: '2001:db8::1', port: 65_535, protocol: 'udp'}],
    ['example.org', {host: 'example.org', port: 3478, protocol: 'udp'}],
    ['example.org:19302', {host: 'example.org', port: 19_302, protocol: 'udp'}],
    ['192.0.2.1', {host: '192.0.2.1', port: 3478, protocol: 'udp'}],
    ['[::1]:3479', {host: '::1', port: 3479, protocol: 'udp'}],
    ['::1', {host: '::1', port: 3478, protocol: 'udp'}],
    ['bücher.example', {host: 'xn--bcher-kva.example', port: 3478, protocol: 'udp'}],
  ])('stun: %s', (address, parts) => {
    expect(parseStunUri(address)).toMatchObject({kind: 'stun', ...parts})
    expect(probes.stun.reject(address)).toBeNull()
  })

  test.each([
    ['turn:example.org', {host: 'example.org', port: 3478, protocol: 'udp'}],
    ['turn:example.org?transport=udp', {host: 'example.org', port: 3478, protocol: 'udp'}],
    ['turn:example.org:443?transport=TCP', {host: 'example.org', port: 443, protocol: 'tcp'}],
    ['turns:example.org', {host: 'example.org', port: 5349, protocol: 'tls'}],
    ['turns:[::1]:443?transport=tcp', {host: '::1', port: 443, protocol: 'tls'}],
  ])('turn: %s', (address, parts) => {
    expect(parseTurnUri(address)).toMatchObject({kind: 'turn', ...parts})
    expect(probes.turn.reject(address)).toBeNull()
  })

  test.each([
    ['', 'expected a host name or an address, got none'],
    ['stun:', 'expected a host name or an address, got none'],
    ['turn:example.org', 'expected stun:HOST[:PORT], stuns:HOST[:PORT] or HOST[:PORT], got turn:example.org'],
    ['https://example.org', 'expected stun:HOST[:PORT], stuns:HOST[:PORT] or HOST[:PORT], got https://example.org'],
    ['stun://example.org', 'expected stun:HOST without //, got stun://example.org'],
    ['stun:example.org:99999', 'expected a port of 1 to 65535, got 99999'],
    ['example.org:0', 'expected a port of 1 to 65535, got 0'],
    ['example.org:', 'expected a port of 1 to 65535, got none'],
    ['example.org:http', 'expected a port of 1 to 65535, got http'],
    ['exa/mple.org', 'expected a host name or an address, got exa/mple.org'],
    ['stun:example.org?transport=tcp', 'expected nothing after the port, got ?transport=tcp (RFC 7064)'],
    ['stun:2001:db8::1:3478', 'expected HOST[:PORT] with an IPv6 address in brackets, got 2001:db8::1:3478'],
    ['stun:[example.org]', 'expected an IPv6 address in brackets, got [example.org]'],
    ['stun:exa mple.org', 'expected a host name or an address, got exa mple.org'],
  ])('no stun address: %s', (address, message) => {
    expect(probes.stun.reject(address)).toBe(message)
  })

  test.each([
    ['example.org', 'expected turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT], got example.org'],
    ['stun:example.org', 'expected turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT], got stun:example.org'],
    ['turn:example.org?transport=sctp', 'expected ?transport=udp or ?transport=tcp, got ?transport=sctp'],
    [
      'turns:example.org?transport=udp',
      'expected turns: over tcp, got turns:example.org?transport=udp: DTLS is not supported',
    ],
    ['turn:user:hunter2@example.org', 'expected no credentials in the address, got turn:example.org'],
    ['turn:example.org:99999', 'expected a port of 1 to 65535, got 99999'],
    ['turn:::1', 'expected HOST[:PORT] with an IPv6 address in brackets, got ::1'],
  ])('no turn address: %s', (address, message) => {
    expect(probes.turn.reject(address)).toBe(message)
  })
})
