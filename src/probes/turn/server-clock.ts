import {type Credentials, mintCredentials, type RestCredentials} from './credentials.ts'

/** Longest life of a credential that is asked about: a clock that is further off is no matter of minutes. */
const FURTHEST_S = 86_400
/** Share of the answer that it may be off, beyond a second. */
const PRECISION = 0.01

export interface ClockQuestion {
  /** What was refused although it is valid by our clock. */
  readonly refused: RestCredentials
  /** Epoch milliseconds by our clock. */
  readonly nowMs: number
  /** Whether the server knows this credential. */
  readonly knows: (credentials: Credentials) => Promise<boolean>
}

/**
 * Seconds that the server's clock is ahead of ours, told by the server itself: with the right secret it takes a credential
 * exactly if that expires after its own time. "refuses all" means that the secret is to blame, undefined that nothing is known.
 */
export async function serverAheadS({
  refused,
  nowMs,
  knows,
}: ClockQuestion): Promise<number | 'refuses all' | undefined> {
  const takes = (lifeS: number) => knows(mintCredentials({...refused, ttlMs: lifeS * 1000}, nowMs))
  let tooShortS = Math.round(refused.ttlMs / 1000)
  let longEnoughS = FURTHEST_S
  if (tooShortS >= longEnoughS) return undefined
  if (!(await takes(longEnoughS))) return 'refuses all'
  if (await takes(tooShortS)) return undefined // it answers such questions without looking at credentials
  while (longEnoughS - tooShortS > Math.max(1, longEnoughS * PRECISION)) {
    const likely = Math.round(Math.sqrt(tooShortS * longEnoughS)) // minutes are likelier than hours
    const betweenS = Math.min(Math.max(likely, tooShortS + 1), longEnoughS - 1)
    if (await takes(betweenS)) longEnoughS = betweenS
    else tooShortS = betweenS
  }
  return longEnoughS
}
