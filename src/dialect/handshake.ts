import {Malformed} from './malformed.ts'

/** What the server tells in its `open` packet. */
export interface Handshake {
  readonly sid: string
  readonly upgrades: readonly string[]
  readonly pingIntervalMs: number
  readonly pingTimeoutMs: number
  readonly maxPayload: number | undefined
}

/** Reads the data of an `open` packet. Throws Malformed. */
export function readHandshake(data: string): Handshake {
  const parsed = parse(data)
  const {sid, upgrades, pingInterval, pingTimeout, maxPayload} = parsed
  if (typeof sid !== 'string' || typeof pingInterval !== 'number' || typeof pingTimeout !== 'number') {
    throw new Malformed('an Engine.IO handshake with sid, pingInterval and pingTimeout', data)
  }
  return {
    sid,
    upgrades: Array.isArray(upgrades) ? upgrades.filter((name) => typeof name === 'string') : [],
    pingIntervalMs: pingInterval,
    pingTimeoutMs: pingTimeout,
    maxPayload: typeof maxPayload === 'number' ? maxPayload : undefined,
  }
}

function parse(data: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // told below, with what came
  }
  throw new Malformed('an Engine.IO handshake as a JSON object', data)
}
