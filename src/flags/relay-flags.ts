import * as Flags from '@oclif/core/flags'

/** Which relay is asked for, and how far a client follows. */
export const relayFlags = {
  'relay-family': Flags.option({options: ['4', '6'] as const})({
    helpGroup: 'NETWORK',
    summary: 'IP version of the relayed address; without it the server chooses',
  }),
  redirects: Flags.integer({
    helpGroup: 'NETWORK',
    helpValue: 'N',
    summary: 'how many alternate servers (300) to follow (3)',
  }),
}

interface RelayFlags {
  readonly 'relay-family'?: '4' | '6' | undefined
  readonly redirects?: number | undefined
}

export function relayOf({'relay-family': family, redirects}: RelayFlags): object {
  return {...(family && {relayFamily: Number(family)}), ...(redirects !== undefined && {redirects})}
}
