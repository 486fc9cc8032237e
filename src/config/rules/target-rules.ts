import {redactUrl} from '../../core/redact.ts'
import {probeOf} from '../check-options.ts'
import type {CheckSettings} from '../check-schema.ts'
import type {Config} from '../config-schema.ts'
import type {Explanation} from '../explain.ts'
import {optionNames} from '../inherit.ts'
import {unknownName} from '../nearest.ts'
import {wrong, type Names} from '../rule.ts'

export function targetsAreUsed({targets, checks}: Config, {endpoints}: Names): Explanation[] {
  const used = [...new Set([...endpoints, ...Object.values(checks).map(({target}) => target)])]
  return Object.keys(targets).flatMap((name) =>
    used.includes(name)
      ? []
      : wrong(['targets', name], unknownName('a target that some check is on', name, used), 'key'),
  )
}

/** Only names count here: an option of the wrong shape is the schema's business. */
export function targetOptionsAreUsed({targets, checks}: Config): Explanation[] {
  return Object.entries(targets).flatMap(([name, target]) => {
    const known = new Set(checksOn(checks, name).flatMap(([, check]) => [...optionNames({probe: check.probe})]))
    const unknown = Object.keys(target).filter((option) => option !== 'address' && !known.has(option))
    if (known.size === 0) return []
    return unknown.flatMap((option) =>
      wrong(['targets', name, option], unknownName(`an option of a check on ${name}`, option, [...known]), 'key'),
    )
  })
}

export function addressesSuitTheirProbes({targets, checks, endpoints}: Config): Explanation[] {
  return Object.entries(targets).flatMap(([name, {address}]) => {
    const list = Array.isArray(address) ? address.map((one, index) => ({one, at: [index]})) : [{one: address, at: []}]
    return list.flatMap(({one, at}) => {
      const path = ['targets', name, 'address', ...at]
      const reason = checksOn(checks, name)
        .map(([, {probe}]) => probeOf({probe})?.reject(one) ?? null)
        .find((refusal) => refusal !== null)
      const {schemes, example} = endpoints[name] ?? {}
      if (reason) return wrong(path, reason.includes(', got ') ? reason : `${reason}, got "${redactUrl(one)}"`)
      if (!schemes || schemes.some((scheme) => one.toLowerCase().startsWith(`${scheme}:`))) return []
      return wrong(
        path,
        `expected ${schemes.join(', ')} as the scheme (such as ${example ?? ''}), got "${redactUrl(one)}"`,
      )
    })
  })
}

function checksOn(checks: Config['checks'], target: string): [string, CheckSettings][] {
  return Object.entries(checks).filter(([, check]) => check.target === target)
}
