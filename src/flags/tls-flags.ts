import * as Flags from '@oclif/core/flags'
import type {TlsOptions} from '../probes/tls-options.ts'
import {readSecretFile} from './secret-input.ts'

const group = {helpGroup: 'TLS'} as const

/** What a probe over TLS takes on the command line. */
export const tlsFlags = {
  ca: Flags.string({...group, helpValue: 'FILE', summary: "trust this authority (PEM) instead of the system's"}),
  cert: Flags.string({...group, helpValue: 'FILE', summary: 'client certificate (PEM), for mTLS', dependsOn: ['key']}),
  key: Flags.string({...group, helpValue: 'FILE', summary: 'client key (PEM), for mTLS', dependsOn: ['cert']}),
  servername: Flags.string({...group, helpValue: 'NAME', summary: 'name to ask for and to verify (SNI)'}),
  insecure: Flags.boolean({...group, summary: 'accept any certificate; the output says so'}),
}

interface TlsFlags {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
  readonly insecure?: boolean | undefined
}

export async function tlsOptionsOf({ca, cert, key, servername, insecure}: TlsFlags): Promise<TlsOptions> {
  return {
    ...(ca && {ca: await readSecretFile(ca, '--ca')}),
    ...(cert && {cert: await readSecretFile(cert, '--cert')}),
    ...(key && {key: await readSecretFile(key, '--key')}),
    ...(servername && {servername}),
    ...(insecure && {insecure}),
  }
}
