import type {HttpRequest} from './conversation-state.ts'
import {encodeUrl} from './filters.ts'

/** Where a request goes: what begins with "/" is a path on the home origin, whatever else it holds. */
export function requestUrl({path, query}: Pick<HttpRequest, 'path' | 'query'>, home: string): string {
  return withQuery(path.startsWith('/') ? home + path : path, query)
}

/** A URL with more in its query. */
export function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeUrl(name)}=${encodeUrl(value)}`)
  return pairs.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`
}
