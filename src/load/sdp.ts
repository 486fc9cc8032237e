/**
 * A description of one data channel (RFC 8839, RFC 8841) that a server can parse and hand on. Nobody connects to it:
 * a generator of load has no peers behind its clients.
 */
export const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=ice-ufrag:prob',
  'a=ice-pwd:synthetic-client-of-probe',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({length: 32}, () => '00').join(':')}`,
  'a=setup:actpass',
  'a=sctp-port:5000',
  '',
].join('\r\n')
