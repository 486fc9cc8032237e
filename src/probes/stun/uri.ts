import {isIP} from 'node:net'
import {UserError} from '../../core/errors.ts'
import {redactUrl} from '../../core/redact.ts'
import {hostAndPort} from '../host-and-port.ts'

export type Protocol = 'udp' | 'tcp' | 'tls'

/** A STUN or TURN server as RFC 7064 and RFC 7065 name it. */
export interface ServerUri {
  readonly kind: Kind
  /** Without the brackets of an IPv6 literal. */
  readonly host: string
  readonly port: number
  /** Whether the URI says the port; else it is the scheme's own. */
  readonly portGiven: boolean
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
  const [, scheme = '', rest = ''] = /^(?:([a-z][a-z0-9+-]*):(?!\d+$))?(.*)$/is.exec(address) ?? []
  const secure = scheme.toLowerCase() === `${kind}s`
  const plain = scheme.toLowerCase() === kind
  const bare = kind === 'stun' && scheme === ''
  if (!secure && !plain && !bare) throw new UserError(`expected ${shapes[kind]}, got ${shown}`)
  if (rest.startsWith('//')) throw new UserError(`expected ${kind}:HOST without //, got ${shown}`)
  if (rest.includes('@')) throw new UserError(`expected no credentials in the address, got ${shown}`)

  const [place, query] = split(rest, '?')
  const transport = query === undefined ? undefined : transportIn(query, kind)
  if (secure && transport === 'udp')
    throw new UserError(`expected turns: over tcp, got ${shown}: DTLS is not supported`)
  const literal = bare && isIP(place) === 6 // no port can be meant by what is all address
  const {host, port} = literal ? {host: place, port: undefined} : hostAndPort(place)
  // RFC 7064 section 3.2 and RFC 7065 section 3.2: 3478, and 5349 over TLS
  return {
    kind,
    host,
    port: port ?? (secure ? 5349 : 3478),
    portGiven: port !== undefined,
    protocol: secure ? 'tls' : (transport ?? 'udp'),
  }
}

function split(text: string, separator: string): [before: string, after?: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function transportIn(query: string, kind: Kind): 'udp' | 'tcp' {
  if (kind === 'stun') throw new UserError(`expected nothing after the port, got ?${query} (RFC 7064)`)
  const transport = /^transport=(udp|tcp)$/i.exec(query)?.[1]?.toLowerCase()
  if (transport === 'udp' || transport === 'tcp') return transport
  throw new UserError(`expected ?transport=udp or ?transport=tcp, got ?${query}`)
}
