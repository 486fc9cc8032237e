import type {PushgatewayOptions} from './options.ts'

export interface Identity {
  /** Names in lower case; the operator's own replace ours. */
  readonly headers: Readonly<Record<string, string>>
  /** Everything in them that a gateway may repeat in its answer, and that must not show. */
  readonly secrets: readonly string[]
}

/** What every push says of itself and of its sender. */
export function identify({url, auth, headers = {}}: PushgatewayOptions): Identity {
  const credentials = auth ?? inUrl(new URL(url))
  const token = credentials && tokenOf(credentials)
  const own = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value])
  return {
    headers: {
      'user-agent': 'rtc-probe',
      'content-type': 'text/plain; version=0.0.4',
      ...(token && {authorization: `${token.scheme} ${token.value}`}),
      ...Object.fromEntries(own),
    },
    secrets: [...Object.values(headers), ...(token ? [token.value, token.secret] : [])],
  }
}

type Credentials = NonNullable<PushgatewayOptions['auth']>

/** RFC 6750 section 2.1 and RFC 7617 section 2. */
function tokenOf(credentials: Credentials): {scheme: string; value: string; secret: string} {
  if ('bearer' in credentials) return {scheme: 'Bearer', value: credentials.bearer, secret: credentials.bearer}
  const {username, password} = credentials
  return {scheme: 'Basic', value: Buffer.from(`${username}:${password}`).toString('base64'), secret: password}
}

function inUrl({username, password}: URL): Credentials | undefined {
  if (!username) return undefined
  return {username: decodeURIComponent(username), password: decodeURIComponent(password)}
}
