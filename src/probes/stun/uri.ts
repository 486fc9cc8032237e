import {isIP} from 'node:net'
import {domainToASCII} from 'node:url'
import {UserError} from '../../core/errors.ts'
import {redactUrl} from '../../core/redact.ts'

export type Protocol = 'udp' | 'tcp' | 'tls'

/** A STUN or TURN server as RFC 7064 and RFC 7065 name it. */
export interface ServerUri {
  readonly kind: Kind
  /** Without the brackets of an IPv6 literal. */
  readonly host: string
  readonly port: number
  readonly protocol: Protocol
}

type Kind = 'stun' | 'turn'

/** `stun:HOST[:PORT]`, `stuns:…` or a bare `HOST[:PORT]`. Throws a UserError for anything else. */
export function parseStunUri(address: string): ServerUri {
  return parse(address, 'stun')
}

/** `turn:HOST[:PORT][?transport=udp|tcp]` or `turns:…`. Throws a UserError for anything else. */
export function parseTurnUri(address: string): ServerUri {
  return parse(address, 'turn')
}

/** Why an address cannot be parsed, or null: for a probe's `reject`. */
export function rejected(address: string, parseUri: (address: string) => ServerUri): string | null {
  try {
    parseUri(address)
    return null
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** As a person writes it: an IPv6 address in brackets. */
export function hostPort(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

const shapes = {
  stun: 'stun:HOST[:PORT], stuns:HOST[:PORT] or HOST[:PORT]',
  turn: 'turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT]',
} as const satisfies Record<Kind, string>

function parse(address: string, kind: Kind): ServerUri {
  const shown = redactUrl(address)
  const [, scheme = '', rest = ''] = /^(?:([a-z][a-z0-9+-]*):(?![0-9]+$))?(.*)$/is.exec(address) ?? []
  const secure = scheme.toLowerCase() === `${kind}s`
  const plain = scheme.toLowerCase() === kind || (kind === 'stun' && scheme === '')
  if (!secure && !plain) throw new UserError(`expected ${shapes[kind]}, got ${shown}`)
  if (rest.startsWith('//')) throw new UserError(`expected ${kind}:HOST without //, got ${shown}`)
  if (rest.includes('@')) throw new UserError(`expected no credentials in the address, got ${shown}`)

  const [place = '', query, ...more] = rest.split('?')
  const protocol = secure ? 'tls' : 'udp'
  if (query === undefined) return {kind, ...hostAndPort(place, {kind, secure}), protocol}
  const transport = /^transport=(udp|tcp)$/i.exec(query)?.[1]?.toLowerCase()
  if (kind === 'stun') throw new UserError(`expected nothing after the port, got ?${redactUrl(query)} (RFC 7064)`)
  if (!transport || more.length > 0) throw new UserError(`expected ?transport=udp or ?transport=tcp, got ${shown}`)
  if (secure && transport === 'udp')
    throw new UserError(`expected turns: over tcp, got ${shown}: DTLS is not supported`)
  return {kind, ...hostAndPort(place, {kind, secure}), protocol: transport === 'tcp' && !secure ? 'tcp' : protocol}
}

/** RFC 7064 section 3.2 and RFC 7065 section 3.2: 3478, and 5349 over TLS. */
function hostAndPort(place: string, {kind, secure}: {kind: Kind; secure: boolean}): Pick<ServerUri, 'host' | 'port'> {
  const bare = kind === 'stun' && isIP(place) === 6 // no port can be meant by what is all address
  const match = bare ? [place, place] : /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(place)
  if (!match) {
    const hint = isIP(place.replace(/:\d+$/, '')) === 6 || isIP(place) === 6 ? ': IPv6 addresses stand in brackets' : ''
    throw new UserError(`expected HOST[:PORT], got ${place}${hint}`)
  }
  const [, written = '', digits] = match
  const host = written.startsWith('[') ? written.slice(1, -1) : written
  if (written.startsWith('[') && isIP(host) !== 6)
    throw new UserError(`expected an IPv6 address in brackets, got ${written}`)
  const ascii = isIP(host) === 0 ? domainToASCII(host) : host
  if (!/^[\w.:%-]+$/.test(ascii))
    throw new UserError(`expected a host name or an address, got ${host === '' ? 'none' : host}`)
  if (digits === undefined) return {host: ascii, port: secure ? 5349 : 3478}
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (port < 1 || port > 65_535)
    throw new UserError(`expected a port of 1 to 65535, got ${digits === '' ? 'none' : digits}`)
  return {host: ascii, port}
}
