/** One figure that the project claims: a ratio or a difference against a peer measured in the same run. */
export interface Claim {
  readonly name: string
  readonly measured: number
  readonly limit: number
  readonly unit: string
  /** What was compared, for the reader. */
  readonly detail: string
}

/** A bench makes its claims; its peers are measured side by side, so that a noisy machine disturbs both. */
export type Bench = () => Promise<readonly Claim[]>

export function isKept({measured, limit}: Claim): boolean {
  return measured <= limit
}
