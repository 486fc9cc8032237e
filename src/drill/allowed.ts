import {UserError} from '../core/errors.ts'
import type {Target} from '../probes/probe.ts'
import {signalingAddress} from '../probes/signaling/options.ts'

/** Refuses to load what lies beyond this machine and is not on the configuration's list. Throws UserError. */
export function refuseUnlisted(targets: readonly Target[], allow: readonly string[]): void {
  const unlisted = outsiders(targets).filter((host) => !allow.some((pattern) => fits(host, pattern)))
  const [host] = unlisted
  if (host === undefined) return
  throw new UserError(
    `${unlisted.join(', ')} may not be loaded: a drill beyond this machine needs its host in the configuration`,
    `write it to probe.yaml if the system is yours to load: "drill: {allow: [${host}]}"`,
  )
}

/** The hosts that are not this machine itself. */
export function outsiders(targets: readonly Target[]): string[] {
  const hosts = targets.map(({address}) => signalingAddress.parse(address).host.toLowerCase())
  return [...new Set(hosts)].filter((host) => !isLoopback(host))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

function fits(host: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase()
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}
