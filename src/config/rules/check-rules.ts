import {isAllowedHost} from '../../core/allowed-host.ts'
import type {Config} from '../config-schema.ts'
import type {Explanation} from '../explain.ts'
import {unknownName} from '../nearest.ts'
import {wrong, type Names} from '../rule.ts'

export function checksNameKnownTargets({checks}: Config, {targets, endpoints}: Names): Explanation[] {
  const known = [...new Set([...endpoints, ...targets])]
  return Object.entries(checks).flatMap(([name, {target}]) =>
    known.includes(target) ? [] : wrong(['checks', name, 'target'], unknownName('a target', target, known)),
  )
}

export function needsNameChecks({checks}: Config, names: Names): Explanation[] {
  return Object.entries(checks).flatMap(([name, {needs}]) =>
    needs.flatMap((need, index) =>
      names.checks.has(need)
        ? []
        : wrong(['checks', name, 'needs', index], unknownName('a check', need, [...names.checks])),
    ),
  )
}

export function needsHaveNoCycle({checks}: Config): Explanation[] {
  const reaches = (from: string, to: string, seen: Set<string>): string[] | undefined => {
    for (const need of checks[from]?.needs ?? []) {
      if (need === to) return [from, to]
      const way = seen.has(need) ? undefined : reaches(need, to, seen.add(need))
      if (way) return [from, ...way]
    }
    return undefined
  }
  const cycles = Object.keys(checks).flatMap((name) => {
    const way = reaches(name, name, new Set([name]))
    return way?.toSorted()[0] === name ? [way] : [] // each cycle once, told from its first name on
  })
  return cycles.flatMap((way) =>
    wrong(['checks', way[0] ?? '', 'needs'], `expected needs that end somewhere, got ${way.join(' → ')}`),
  )
}

/** What a check brings about on purpose is load: only on this machine, or on a host that the deployment lists. */
export function causesAreListed({checks, drill}: Config): Explanation[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const {cause} = check as {cause?: {url: string}} // an option of alert-path alone
    const host = cause && new URL(cause.url).hostname
    if (host === undefined || isAllowedHost(host, drill.allow)) return []
    return wrong(
      ['checks', name, 'cause', 'url'],
      `expected a host of this machine, or one that \`drill: {allow: […]}\` lists, got ${host}`,
    )
  })
}
