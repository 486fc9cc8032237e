import {ProbeFailure} from '../core/errors.ts'
import {excerpt} from './excerpt.ts'

/** The first byte of a TLS alert or handshake record (RFC 8446, section 5.1). */
const TLS_RECORDS: readonly number[] = [0x15, 0x16]

/** The ProbeFailure for what Node's HTTP parser refused, or undefined for any other error. */
export function notHttp(error: unknown): ProbeFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const {code, rawPacket} = error as NodeJS.ErrnoException & {rawPacket?: Buffer}
  if (!code?.startsWith('HPE_')) return undefined
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ProbeFailure('http_too_large', 'expected headers of at most 16 KiB, got more', {cause: error})
  }
  const tls = TLS_RECORDS.includes(rawPacket?.[0] ?? 0)
  const got = tls ? 'a TLS record' : rawPacket?.length ? `"${excerpt(rawPacket)}"` : 'something else'
  return new ProbeFailure(tls ? 'needs_tls' : 'not_http', `expected an HTTP answer, got ${got} (${code})`, {
    cause: error,
    hint: tls ? 'the port speaks TLS: use https: or wss:' : 'is this the right port?',
  })
}
