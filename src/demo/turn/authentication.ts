import {createHmac, randomBytes} from 'node:crypto'
import {makeIntegrityKey, parseMessage} from './codec.ts'
import {Refusal} from './answer.ts'
import type {Request} from './request.ts'

export interface AuthenticationOptions {
  readonly realm: string
  /** Long-term credentials: passwords by user name. */
  readonly users: Readonly<Record<string, string>>
  /** Makes user names of the form `EXPIRY:NAME` valid, with the password that follows from this secret (coturn's `use-auth-secret`). */
  readonly secret?: string | undefined
  /** A nonce that is older is answered with 438. */
  readonly nonceLifetimeMs: number
}

export interface Authenticated {
  readonly user: string
  /** Signs the answer. */
  readonly key: Buffer
}

/** Long-term credentials (RFC 8489, section 9.2). The nonces need no memory: each holds its time and a signature. */
export function authentication(options: AuthenticationOptions): (request: Request) => Authenticated {
  const nonceKey = randomBytes(16)
  const nonceOf = (issuedAt: number) =>
    `${issuedAt.toString(36)}-${createHmac('sha256', nonceKey).update(String(issuedAt)).digest('hex').slice(0, 16)}`
  const challenge = (code: 401 | 438) =>
    new Refusal(code, [
      ['REALM', options.realm],
      ['NONCE', Buffer.from(nonceOf(Date.now()))],
    ])

  return (request) => {
    if (!request.signed) throw challenge(401)
    const {username, realm, nonce} = request
    if (username === undefined || realm === undefined || nonce === undefined) throw new Refusal(400)
    const issuedAt = Number.parseInt(nonce, 36)
    if (nonce !== nonceOf(issuedAt) || Date.now() - issuedAt > options.nonceLifetimeMs) throw challenge(438)
    const password = passwordOf(username, options)
    if (password === undefined) throw challenge(401)
    const key = makeIntegrityKey(username, options.realm, password)
    if (!parseMessage(request.bytes, key)) throw challenge(401)
    return {user: username, key}
  }
}

function passwordOf(username: string, {users, secret}: AuthenticationOptions): string | undefined {
  if (Object.hasOwn(users, username)) return users[username]
  const expiry = /^(\d+):/.exec(username)?.[1]
  if (secret === undefined || expiry === undefined || Number(expiry) * 1000 < Date.now()) return undefined
  return createHmac('sha1', secret).update(username).digest('base64')
}
