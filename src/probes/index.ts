import type {Probe} from './probe.ts'

/** Every kind of check: the only list of their names. What a probe is made of is loaded when it is configured. */
export const probes = {} as const satisfies Readonly<Record<string, Probe>>

export type ProbeName = keyof typeof probes
