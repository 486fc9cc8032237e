import {createHmac} from 'node:crypto'

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface RestCredentialOptions {
  /** Shared with the server (coturn's `static-auth-secret`). */
  readonly secret: string
  readonly user: string
  readonly ttlMs: number
}

/** A short-lived credential of the TURN REST API: `<expiry>:<user>`, and base64 of its HMAC-SHA1 (draft-uberti-behave-turn-rest). */
export function mintCredentials({secret, user, ttlMs}: RestCredentialOptions, nowMs: number): Credentials {
  const username = `${Math.round((nowMs + ttlMs) / 1000)}:${user}`
  return {username, password: createHmac('sha1', secret).update(username).digest('base64')}
}

/** Further from now than this, ten digits are someone's number and no time. */
const PLAUSIBLE_S = 5 * 365 * 86_400

/**
 * Seconds until a REST credential expires by the given clock, negative once it has; undefined for a username that holds
 * no expiry. Servers separate it from the name by `:`, by `.` or not at all.
 */
export function expiresInS({username}: Credentials, nowMs: number): number | undefined {
  const expiry = /^(\d{10})(?!\d)/.exec(username)?.[1]
  if (expiry === undefined) return undefined
  const left = Number(expiry) - Math.round(nowMs / 1000)
  return Math.abs(left) > PLAUSIBLE_S ? undefined : left
}
