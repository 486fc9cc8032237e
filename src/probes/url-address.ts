import {redactUrl} from '../core/redact.ts'

/** An http, https, ws or wss address, taken apart for `dial`. */
export interface UrlAddress {
  /** Always http: or https:, so that origins can be compared. */
  readonly url: URL
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

export interface UrlAddressKind {
  /** Why an address is none of this kind, or null when it is fine. */
  readonly reject: (address: string) => string | null
  /** Throws an Error for what `reject` rejects. */
  readonly parse: (address: string) => UrlAddress
}

/**
 * Reads the addresses of a probe over HTTP. ws: and wss: go to the same ports as http: and https: (RFC 6455,
 * section 3), so one target serves all such probes; `schemes` are the ones that an error message names, with their secure ones.
 */
export function urlAddress(...schemes: readonly ('http' | 'ws')[]): UrlAddressKind {
  const article = schemes[0] === 'http' ? 'an' : 'a'
  const names = schemes.flatMap((scheme) => [`${scheme}://`, `${scheme}s://`])
  const expected = `expected ${article} ${new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(names)} address`
  const reject = (address: string) => {
    const url = parseUrl(address)
    if (!url) return `${expected}, got "${redactUrl(address)}"`
    if (url.username || url.password) {
      return `${expected} without user information, got "${redactUrl(address)}": credentials belong into \`auth\``
    }
    return null
  }
  return {
    reject,
    parse(address) {
      const url = parseUrl(address)
      if (!url) throw new Error(reject(address) ?? expected)
      return addressOf(url)
    },
  }
}

/** The same for a URL that is known to be http: or https:, such as the next hop of a redirect. */
export function addressOf(url: URL): UrlAddress {
  const tls = url.protocol === 'https:'
  return {
    url,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
  }
}

const protocols: Readonly<Record<string, string>> = {
  'ws:': 'http:',
  'wss:': 'https:',
  'http:': 'http:',
  'https:': 'https:',
}

function parseUrl(address: string): URL | null {
  // The URL parser forgives "http:host" and white space; a typo in a config is better told.
  if (!/^[a-z]+:\/\/[^\s/?#]+[^\s]*$/i.test(address)) return null
  const url = URL.parse(address)
  const protocol = url && protocols[url.protocol]
  if (!protocol) return null
  url.protocol = protocol
  url.hash = ''
  return url
}

/** A path, with or without a query, below a base address: "/base" and "/health?full" give "/base/health?full". */
export function withPath(base: URL, path: string): URL {
  const [pathname = '', ...query] = path.split('?')
  const url = new URL(base)
  if (pathname) url.pathname = `${base.pathname.replace(/\/$/, '')}/${pathname.replace(/^\//, '')}`
  url.search = [base.search.slice(1), query.join('?')].filter(Boolean).join('&')
  return url
}
