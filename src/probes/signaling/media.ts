import type {Candidate} from '../../dialect/candidate.ts'

/**
 * One end of a call as a conversation needs it (the words are JSEP's, RFC 9429): it describes itself, hears of the
 * other end, and tells the ways to reach it as it finds them. What rejects ends the conversation.
 */
export interface Media {
  /** Without `trickle` no candidate can follow the description, so it must hold them all. */
  offer(how: {readonly trickle: boolean}): Promise<string>
  answer(offer: string, how: {readonly trickle: boolean}): Promise<string>
  accept(answer: string): Promise<void>
  addCandidate(candidate: Candidate): Promise<void>
  /** Called once, before anything else. Null says that there are no more. */
  onCandidate(listener: (candidate: Candidate | null) => void): void
}
