import type {RunFacts} from '../../core/report.ts'

/**
 * Where a run's group lives below the base address. `job` is the profile and `instance` the config's slug, so that the
 * next run replaces this one; a narrowed run, which knows less, has a group of its own.
 */
export function groupingKey(
  {profile, instance, location, selection}: RunFacts,
  extra: Readonly<Record<string, string>> = {},
): string {
  const labels = {job: profile, instance, location, ...(selection === 'narrowed' && {selection}), ...extra}
  return `/metrics${Object.entries(labels).map(segment).join('')}`
}

/**
 * A label as two segments of the path. Base64 (RFC 4648 section 5) carries what a path cannot: slashes, dot segments
 * and the empty value, which the Pushgateway writes as a single padding character.
 */
function segment([name, value]: [string, string]): string {
  if (value === '') return `/${name}@base64/=`
  if (value.includes('/') || value === '.' || value === '..') {
    return `/${name}@base64/${Buffer.from(value).toString('base64url')}`
  }
  return `/${name}/${encodeURIComponent(value.toWellFormed())}`
}
