/** Which candidates a peer may have: those of a TURN server alone, all as browsers have them, or this machine's alone. */
export const policies = ['relay', 'all', 'host'] as const
export type Policy = (typeof policies)[number]
