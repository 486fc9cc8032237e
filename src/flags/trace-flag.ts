import * as Flags from '@oclif/core/flags'

/** Shows what travels: for whoever asks what was really said. */
export const traceFlag = {
  trace: Flags.boolean({
    helpGroup: 'OUTPUT',
    summary: 'print every frame of both clients with its time; secrets are masked',
    default: false,
  }),
}
