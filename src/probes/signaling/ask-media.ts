import type {Input, MediaOutput} from '../../dialect/conversation-state.ts'
import type {Media} from './media.ts'

/** Puts a conversation's question to a client's peer. Resolves to what the conversation shall be told of it, if anything. */
export async function askMedia(media: Media, question: MediaOutput): Promise<Input | undefined> {
  switch (question.kind) {
    case 'describe': {
      const {side, what, trickle} = question
      const sdp = what === 'offer' ? await media.offer({trickle}) : await media.answer(question.remote, {trickle})
      return {kind: 'described', side, sdp}
    }
    case 'accept':
      await media.accept(question.remote)
      return undefined
    case 'add_candidate':
      await media.addCandidate(question.candidate)
      return undefined
  }
}
