import type {Probe} from './probe.ts'
import {kinds, type ProbeName, probeNamed} from './probe-named.ts'

/** Every kind of check, for who reads configuration: there any of them may be named. */
export const probes = Object.fromEntries(
  await Promise.all(Object.keys(kinds).map(async (name) => [name, await probeNamed(name)] as const)),
) as Readonly<Record<ProbeName, Probe>>
