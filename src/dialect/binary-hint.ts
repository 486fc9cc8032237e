import type {Arrival} from './conversation-state.ts'

/** What to do about a server whose messages are bytes. */
export function binaryHint(came: readonly Arrival[]): {hint?: string} {
  if (!came.some(({message}) => message.kind === 'binary')) return {}
  return {
    hint: 'the server speaks a binary protocol, which a dialect cannot: `roundTrip: {kind: ping}` alone probes it by handshake and ping frames',
  }
}
