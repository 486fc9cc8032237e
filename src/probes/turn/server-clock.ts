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
  /** Whether the server knows this credential. Rejects when it does not answer in time. */
  readonly knows: (credentials: Credentials) => Promise<boolean>
}

/** Seconds that the server's clock is ahead of ours: more than the first, at most the second. */
export interface Ahead {
  readonly moreThanS: number
  readonly atMostS: number
}

/**
 * How far the server's clock is ahead of ours, told by the server itself: with the right secret it takes a credential
 * exactly if that expires after its own time. "refuses all" means that the secret is to blame, undefined that nothing is
 * known. When the server stops answering, what it has told so far stands.
 */
export async function serverAhead({refused, nowMs, knows}: ClockQuestion): Promise<Ahead | 'refuses all' | undefined> {
  const takes = (lifeS: number) =>
    knows(mintCredentials({...refused, ttlMs: lifeS * 1000}, nowMs)).catch(() => undefined)
  let moreThanS = Math.round(refused.ttlMs / 1000)
  let atMostS = FURTHEST_S
  if (moreThanS >= atMostS) return undefined
  const longest = await takes(atMostS)
  if (!longest) return longest === false ? 'refuses all' : undefined
  if ((await takes(moreThanS)) !== false) return undefined // it answers such questions without looking at credentials
  while (!isExact({moreThanS, atMostS})) {
    const likely = Math.round(Math.sqrt(moreThanS * atMostS)) // minutes are likelier than hours
    const betweenS = Math.min(Math.max(likely, moreThanS + 1), atMostS - 1)
    const taken = await takes(betweenS)
    if (taken === undefined) break
    if (taken) atMostS = betweenS
    else moreThanS = betweenS
  }
  return {moreThanS, atMostS}
}

/** To a second, or a hundredth of what it is. */
export function isExact({moreThanS, atMostS}: Ahead): boolean {
  return atMostS - moreThanS <= Math.max(1, atMostS * PRECISION)
}
