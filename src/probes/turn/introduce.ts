import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import type {Allocation} from './allocation.ts'
import {StepRefused} from './step-refused.ts'

/** How packets go from relay to relay, or why they cannot. */
export type Introduction = {readonly by: 'channel' | 'indication'} | {readonly refused: string}

/**
 * Lets two relays of ours talk to each other, in the phases `permission` and `channel`. Servers lack one or the other:
 * a channel brings a permission of its own, and without a channel indications carry the data.
 */
export async function introduce(near: Allocation, far: Allocation, trace: Trace): Promise<Introduction> {
  trace.phase('permission')
  const noPermission = await refusalOf(() => Promise.all([near.permit(far.relayed), far.permit(near.relayed)]), trace)
  trace.phase('channel')
  const noChannel = await refusalOf(
    () => Promise.all([near.bindChannel(far.relayed), far.bindChannel(near.relayed)]),
    trace,
  )
  if (noPermission && noChannel) return {refused: noPermission}
  if (noPermission) trace.fact('permission_refused', noPermission)
  if (noChannel) trace.fact('channel_refused', noChannel)
  return {by: noChannel ? 'indication' : 'channel'}
}

/** A refusal, or silence to this step alone, is an answer of the server's policy; anything else ends the attempt. */
async function refusalOf(step: () => Promise<unknown>, {signal}: Trace): Promise<string | undefined> {
  try {
    await step()
    return undefined
  } catch (error) {
    const policy = error instanceof StepRefused && error.isPolicy
    const silence = error instanceof ProbeFailure && error.code === 'timeout' && !signal.aborted
    if (policy || silence) return error.message
    throw error
  }
}
