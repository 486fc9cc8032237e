import {isIP} from 'node:net'
import {generate} from 'selfsigned'

export interface CertificateOptions {
  /** DNS names and IP addresses that the certificate is for; without it those of this machine's loopback. */
  readonly names?: readonly string[]
  /** How long it is valid. */
  readonly days?: number
  /** From when it is valid: a day in the future or, with few `days`, in the past makes a bad certificate for tests. */
  readonly notBefore?: Date
  /** No authority behind it: the certificate is its own issuer. */
  readonly selfSigned?: boolean
  /** Signed by an authority that the trusted one has signed: a server has to send both. */
  readonly intermediate?: boolean
}

/** PEM texts. */
export interface Certificate {
  /** What a client has to trust; of a self-signed certificate the certificate itself. */
  readonly ca: string
  readonly cert: string
  readonly key: string
  /** The certificate with those between it and the authority, as a server should send them. */
  readonly chain: string
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1']
const DAY_MS = 86_400_000

/** Makes a throw-away authority and a certificate signed by it, for a server or a client on this machine. */
export async function makeCertificate(options: CertificateOptions = {}): Promise<Certificate> {
  const {names = LOOPBACK, days = 7, notBefore = new Date(), selfSigned = false} = options
  const root = selfSigned ? undefined : await makeAuthority()
  const authority = root && options.intermediate ? await makeAuthority(root) : root
  const leaf = await generate([{name: 'commonName', value: names[0] ?? 'localhost'}], {
    ...ELLIPTIC,
    notBeforeDate: notBefore,
    notAfterDate: new Date(notBefore.getTime() + days * DAY_MS),
    ...(authority && {ca: authority}),
    extensions: [
      {name: 'basicConstraints', cA: false, critical: true},
      {name: 'keyUsage', digitalSignature: true, critical: true},
      {name: 'extKeyUsage', serverAuth: true, clientAuth: true},
      {name: 'subjectAltName', altNames: names.map(altName)},
    ],
  })
  const chain = authority && authority !== root ? `${leaf.cert}\n${authority.cert}` : leaf.cert
  return {ca: root?.cert ?? leaf.cert, cert: leaf.cert, key: leaf.private, chain}
}

interface Authority {
  readonly cert: string
  readonly key: string
}

/** RSA keys take a hundred times as long to make. */
const ELLIPTIC = {keyType: 'ec', curve: 'P-256', algorithm: 'sha256'} as const

/** Valid long before and after every certificate it signs, so that only the certificate itself can be out of date. */
async function makeAuthority(above?: Authority): Promise<Authority> {
  const name = `probe throw-away ${above ? 'intermediate' : 'authority'}`
  const authority = await generate([{name: 'commonName', value: name}], {
    ...ELLIPTIC,
    ...(above && {ca: above}),
    notBeforeDate: new Date('2000-01-01'),
    notAfterDate: new Date('2049-12-31'),
    extensions: [
      {name: 'basicConstraints', cA: true, critical: true},
      {name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true},
    ],
  })
  return {cert: authority.cert, key: authority.private}
}

/** The kinds of RFC 5280, section 4.2.1.6: 2 is a DNS name, 7 an IP address. */
function altName(name: string): {type: 2; value: string} | {type: 7; ip: string} {
  return isIP(name) === 0 ? {type: 2, value: name} : {type: 7, ip: name}
}
