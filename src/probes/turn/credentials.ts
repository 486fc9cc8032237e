import {createHmac} from 'node:crypto'
import type {Trace} from '../probe.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Of a credential that we made ourselves. */
  readonly mintedWith?: RestCredentials
}

/** The credentials of one attempt. A minted password is as secret as what it was made with. */
export function credentialsFor(source: CredentialSource, trace: Pick<Trace, 'wallClock' | 'secret'>): Credentials {
  if ('username' in source) return source
  const minted = mintCredentials(source, trace.wallClock())
  trace.secret(minted.password)
  return {...minted, mintedWith: source}
}

/** What a check says about its credentials: themselves, or what they are minted with. */
export type CredentialSource = Credentials | RestCredentials

export interface RestCredentials {
  /** Shared with the server (coturn's `static-auth-secret`). */
  readonly secret: string
  readonly user: string
  readonly ttlMs: number
}

/** A short-lived credential of the TURN REST API (draft-uberti-behave-turn-rest-00): `<expiry>:<user>` and its HMAC-SHA1. */
export function mintCredentials({secret, user, ttlMs}: RestCredentials, nowMs: number): Credentials {
  const username = `${Math.round((nowMs + ttlMs) / 1000)}:${user}`
  return {username, password: createHmac('sha1', secret).update(username).digest('base64')}
}

/** Further from now than this, ten digits are a number of someone's and no time. */
const PLAUSIBLE_S = 5 * 365 * 86_400

/**
 * Seconds until a short-lived credential expires by the given clock, negative once it has; undefined for a user name
 * that holds no expiry. Servers separate it from the name by `:`, by `.` or not at all.
 */
export function expiresInS({username}: Credentials, nowMs: number): number | undefined {
  const expiry = /^(\d{10})(?!\d)/.exec(username)?.[1]
  if (expiry === undefined) return undefined
  const leftS = Number(expiry) - Math.round(nowMs / 1000)
  return Math.abs(leftS) > PLAUSIBLE_S ? undefined : leftS
}
