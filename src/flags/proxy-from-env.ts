import {BlockList, isIP} from 'node:net'
import {UserError} from '../core/errors.ts'
import {proxyOption} from '../probes/proxy-option.ts'
import {addressOf} from '../probes/url-address.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The HTTP proxy that the environment names for an address, by the variables that curl, Go and Python read: that of its
 * scheme, then the one for all; small letters first. None where `NO_PROXY` has the host.
 */
export function proxyFromEnv(address: string, env: Environment): string | undefined {
  const url = URL.parse(address.replace(/^ws/i, 'http')) // ws: goes the way of http:, wss: that of https:
  if (!url) return undefined // whoever takes the address says what is wrong with it
  const {host, port} = addressOf(url)
  const read = (name: string) => [name, name.toUpperCase()].find((one) => env[one]) // an empty one counts as none
  const name = read(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read('all_proxy')
  const value = name && env[name]
  if (!name || !value || exempt({host, port}, env[read('no_proxy') ?? ''] ?? '')) return undefined
  const proxy = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  if (!proxyOption.safeParse(proxy).success) {
    throw new UserError(`--proxy-from-env: expected an HTTP proxy such as http://proxy.example.org:3128 in ${name}`)
  }
  return proxy
}

/** "*", a name with all below it (with or without a dot before it), an address, a network; each may have a port. */
function exempt({host, port}: {host: string; port: number}, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, place = entry, itsPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? []
      if (itsPort !== undefined && Number(itsPort) !== port) return false
      const bare = place.replace(/^\[(.*)\]$/, '$1')
      if (isIP(host) !== 0) return bare === host || inNetwork(host, bare)
      const name = bare.replace(/^\*?\./, '').toLowerCase()
      return host === name || host.endsWith(`.${name}`)
    })
}

function inNetwork(host: string, network: string): boolean {
  const [, address = '', length = ''] = /^(.+)\/(\d{1,3})$/.exec(network) ?? []
  const family = isIP(address)
  if (family === 0 || Number(length) > (family === 6 ? 128 : 32)) return false
  const list = new BlockList()
  list.addSubnet(address, Number(length), family === 6 ? 'ipv6' : 'ipv4')
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}
