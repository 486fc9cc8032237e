import type {Side} from '../../dialect/plan.ts'
import type {Attempt} from '../probe.ts'
import {lead} from './lead.ts'
import type {Media} from './media.ts'
import type {SignalingOptions} from './options.ts'

/** The conversation that a dialect describes. Its hand-over has real descriptions, and nobody behind them. */
export async function loadSignaling({dialect}: SignalingOptions): Promise<Attempt<SignalingOptions>> {
  if (!dialect.handover) return (target, options, trace) => lead({options, purpose, media: none}, target, trace)
  const {DescribedPeer, prepareDescriptions} = await import('../webrtc/described-peer.ts')
  await prepareDescriptions()
  return async (target, options, trace) => {
    const peers = {a: new DescribedPeer(), b: new DescribedPeer()}
    try {
      await lead({options, purpose, media: (side) => peers[side]}, target, trace)
    } finally {
      await Promise.all([peers.a.close(), peers.b.close()])
    }
  }
}
const purpose = 'round_trips'

function none(side: Side): Media {
  throw new Error(`client ${side} has nothing to describe`)
}
