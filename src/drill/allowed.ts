import {isAllowedHost, isLoopback} from '../core/allowed-host.ts'
import {UserError} from '../core/errors.ts'
import type {Target} from '../probes/probe.ts'
import {signalingAddress} from '../probes/signaling/options.ts'
import {parseTurnUri} from '../probes/stun/uri.ts'

/** Refuses to load what lies beyond this machine and is not on the configuration's list. Throws UserError. */
export function refuseUnlisted(targets: readonly Pick<Target, 'address'>[], allow: readonly string[]): void {
  const unlisted = outsiders(targets).filter((host) => !isAllowedHost(host, allow))
  const [host] = unlisted
  if (host === undefined) return
  throw new UserError(
    `${unlisted.join(', ')} may not be loaded: a host beyond this machine has to stand in the configuration`,
    `write it to probe.yaml if the system is yours to load: "drill: {allow: [${host}]}"`,
  )
}

/** The hosts that are not this machine itself. */
export function outsiders(targets: readonly Pick<Target, 'address'>[]): string[] {
  const hosts = targets.map(({address}) => hostOf(address).toLowerCase())
  return [...new Set(hosts)].filter((host) => !isLoopback(host))
}

function hostOf(address: string): string {
  return /^turns?:/i.test(address) ? parseTurnUri(address).host : signalingAddress.parse(address).host
}
