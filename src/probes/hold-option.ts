import {timer} from './duration-option.ts'

const TALK_MS = 5000

/** What probes take that can hold a connection. */
export const holdOptions = {
  hold: timer()
    .optional()
    .describe('hold two connections open for so long, a silent one and one that talks, and tell how each ends'),
  talkEvery: timer().default(TALK_MS).describe('how often the one that talks sends a ping frame while held'),
}

export interface HoldOptions {
  readonly hold?: number | undefined
  readonly talkEvery: number
}
