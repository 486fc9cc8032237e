import * as Flags from '@oclif/core/flags'

/** One node of the many behind one name, as curl's option of this name does it. */
export const connectToFlag = {
  'connect-to': Flags.string({
    helpGroup: 'NETWORK',
    helpValue: 'ADDRESS[:PORT]',
    summary: 'dial this in place of the target, whose name is still shown, asked for and verified: one node of a fleet',
  }),
}

export function connectToOf({'connect-to': connectTo}: {readonly 'connect-to'?: string | undefined}): {
  readonly connectTo?: string
} {
  return connectTo === undefined ? {} : {connectTo}
}
