import * as Flags from '@oclif/core/flags'

export const redirectsFlag = Flags.integer({
  helpGroup: 'REQUEST',
  helpValue: 'N',
  default: 0,
  min: 0,
  max: 10,
  summary: 'how many redirects to follow; without it one is shown',
})
