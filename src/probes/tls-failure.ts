import {ProbeFailure} from '../core/errors.ts'
import type {FailureCode} from '../core/failure.ts'

/** Node's and OpenSSL's words for a TLS handshake that failed. */
const causes: readonly (readonly [pattern: RegExp, code: FailureCode, meaning: string, hint: string])[] = [
  [/CERT_HAS_EXPIRED/, 'tls_expired', 'the certificate has expired', 'renew the certificate on the server'],
  [
    /CERT_NOT_YET_VALID/,
    'tls_not_yet_valid',
    'the certificate is not valid yet',
    'compare the clocks of both machines',
  ],
  [
    /DEPTH_ZERO_SELF_SIGNED_CERT/,
    'tls_self_signed',
    'the certificate is self-signed',
    'name the authority that signed it with `ca`',
  ],
  [
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE|CERT_REVOKED/,
    'tls_untrusted',
    'the certificate is not signed by a trusted authority',
    'the server may not send its intermediate certificates; a private authority is named with `ca`',
  ],
  [
    /ERR_TLS_CERT_ALTNAME_INVALID/,
    'tls_wrong_name',
    'the certificate is for another name',
    'connect by a name that the certificate holds',
  ],
  [
    /CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE.*CERT/i,
    'tls_client_certificate',
    'the server wants a client certificate',
    'give one with `cert` and `key`',
  ],
  [
    // What a server says of the only certificate that it gets to see (RFC 8446, section 6.2).
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|ACCESS_DENIED|DECRYPT_ERROR)/,
    'tls_client_certificate',
    'the server does not accept our client certificate',
    'is `cert` valid, and signed by an authority that the server trusts?',
  ],
  [
    /ALERT_UNRECOGNIZED_NAME|UNRECOGNIZED_NAME/,
    'tls_wrong_name',
    'the server has no certificate for this name',
    'is the name configured there? `servername` asks for another',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    'not_tls',
    'the port does not speak TLS',
    'use the plain scheme, or the TLS port',
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/, // TLS 1.2 says no more than this in either case
    'tls_protocol',
    'TLS handshake failed',
    'compare protocol versions and ciphers; a server that wants a client certificate says this too: give `cert` and `key`',
  ],
  [
    /EPROTO|ERR_SSL_|ALERT/,
    'tls_protocol',
    'TLS handshake failed',
    'compare the protocol versions and ciphers of both ends',
  ],
]

/** The ProbeFailure for a failed TLS handshake, or undefined if the error is none. */
export function tlsFailure(error: Error): ProbeFailure | undefined {
  const {code = ''} = error as NodeJS.ErrnoException
  const found =
    causes.find(([pattern]) => pattern.test(code)) ??
    (code.startsWith('E') ? causes.find(([pattern]) => pattern.test(error.message)) : undefined)
  if (!found) return undefined
  const [, failureCode, meaning, hint] = found
  const detail = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? wrongName(error) : code
  // TLS 1.3 reports a missing client certificate after the client's handshake is over: still the fault of that phase.
  return new ProbeFailure(failureCode, `${meaning} (${detail})`, {cause: error, hint, phase: 'tls'})
}

/** Node lists names of the kind it looked for alone: of an address it says nothing about the host names. */
function wrongName(error: Error & {readonly cert?: {readonly subjectaltname?: string}}): string {
  const names = error.cert?.subjectaltname
  const said = error.message.replace(/^.*altnames: /, '')
  return names === undefined ? said : said.replace(/list: $/, `list: ${names}`)
}
