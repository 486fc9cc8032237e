import {isIP} from 'node:net'
import {domainToASCII} from 'node:url'
import {UserError} from '../core/errors.ts'

export interface HostAndPort {
  /** Without the brackets of an IPv6 address; a name in ASCII. */
  readonly host: string
  readonly port: number | undefined
}

/** `HOST[:PORT]`, an IPv6 address in brackets. Throws a UserError for anything else. */
export function hostAndPort(place: string): HostAndPort {
  const match = /^(\[[^\]]*\]|[^:]*)(?::([^:]*))?$/s.exec(place)
  if (!match) throw new UserError(`expected HOST[:PORT] with an IPv6 address in brackets, got ${place}`)
  const [, host = '', digits] = match
  return {host: hostIn(host), port: digits === undefined ? undefined : portIn(digits)}
}

function hostIn(written: string): string {
  if (written.startsWith('[')) {
    const address = written.slice(1, -1)
    if (isIP(address) === 6) return address
    throw new UserError(`expected an IPv6 address in brackets, got ${written}`)
  }
  const ascii = /[\s/#%[\]]/.test(written) ? '' : domainToASCII(written)
  if (ascii === '') throw new UserError(`expected a host name or an address, got ${written === '' ? 'none' : written}`)
  return ascii
}

function portIn(digits: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new UserError(`expected a port of 1 to 65535, got ${digits === '' ? 'none' : digits}`)
}
