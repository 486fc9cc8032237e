import * as Flags from '@oclif/core/flags'
import {urlSecrets} from '../core/redact.ts'
import {connectToFlag, connectToOf} from './connect-to-flag.ts'
import {proxyFromEnv} from './proxy-from-env.ts'
import {tlsFlags, tlsOptionsOf} from './tls-flags.ts'

/** The way to an address that is a URL, and whom to trust there. */
export const connectionFlags = {
  ...tlsFlags,
  ...connectToFlag,
  'proxy-from-env': Flags.boolean({
    helpGroup: 'NETWORK',
    summary: 'go through the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, but for the hosts of NO_PROXY',
  }),
}

type ConnectionFlags = Parameters<typeof tlsOptionsOf>[0] &
  Parameters<typeof connectToOf>[0] & {readonly 'proxy-from-env'?: boolean | undefined}

export async function connectionInput(
  flags: ConnectionFlags,
  address: string,
  env: NodeJS.ProcessEnv,
): Promise<{readonly options: object; readonly secrets: readonly string[]}> {
  const proxy = flags['proxy-from-env'] ? proxyFromEnv(address, env) : undefined
  return {
    options: {...(await tlsOptionsOf(flags)), ...connectToOf(flags), ...(proxy && {proxy})},
    secrets: proxy ? urlSecrets(proxy) : [],
  }
}
