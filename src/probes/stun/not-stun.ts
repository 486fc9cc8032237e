import {ProbeFailure} from '../../core/errors.ts'
import {looksLikeStun} from './message.ts'

const SHOWN = 32

/** The failure for bytes that are no STUN message, with the first of them for a person to recognise. */
export function notStun(bytes: Buffer): ProbeFailure {
  if (looksLikeStun(bytes)) {
    return new ProbeFailure('stun_malformed', `expected a well-formed STUN message, got ${firstBytes(bytes)}`)
  }
  const hint = recognised(bytes)
  return new ProbeFailure('not_stun', `expected a STUN message, got ${firstBytes(bytes)}`, {...(hint && {hint})})
}

/** Text in quotes up to the end of its first line, anything else in hexadecimal. */
function firstBytes(bytes: Buffer): string {
  const line = bytes.subarray(0, SHOWN).toString('latin1').split(/\r?\n/)[0] ?? ''
  return /^[\x20-\x7e]+$/.test(line)
    ? JSON.stringify(line)
    : `bytes ${bytes
        .subarray(0, SHOWN)
        .toString('hex')
        .replace(/..(?=.)/g, '$& ')}`
}

function recognised(bytes: Buffer): string | undefined {
  if (bytes.toString('latin1', 0, 5) === 'HTTP/') return 'an HTTP server or proxy listens on this port'
  if (bytes.toString('latin1', 0, 4) === 'SSH-') return 'an SSH server listens on this port'
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03) return 'this port speaks TLS: use turns: or stuns:'
  return undefined
}
