import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import {readHandshake} from '../../dialect/handshake.ts'
import {dial} from '../dial.ts'
import {causeOfCut} from '../cut-cause.ts'
import type {Trace} from '../probe.ts'
import {Cookies} from './cookies.ts'
import {dialAddress, engineUrl, type EngineRequest} from './engine-request.ts'
import {poll, post} from './polling.ts'
import {quiet} from '../quiet-trace.ts'
import {SessionAgent} from './session-agent.ts'
import {within} from '../within.ts'

const LOOK_MS = 1000

/**
 * An upgrade that was cut without an answer, or answered as if nothing were there, has many causes: Socket.IO cuts those
 * to paths that are not its own, a proxy may not forward any. A poll of the same path is answered, and tells which.
 * Returns the failure that says most.
 */
export async function secondLook(first: unknown, request: EngineRequest, trace: Trace): Promise<unknown> {
  if (!(first instanceof ProbeFailure)) return causeOfCut(first, {...request, url: request.address.url}, trace)
  if (!unclear.includes(first.code)) return first
  const polled = await pollOnce(request, trace)
  if (first.code !== 'closed') {
    if (polled === 'open') return passesOnlyPolling('upgrade_dropped', first)
    return polled?.code === 'forbidden' ? polled : first // over a refused upgrade Engine.IO says no more than 400
  }
  if (polled === 'open') return passesOnlyPolling('upgrade_refused', first)
  if (polled && polled.code !== 'closed') return polled
  return causeOfCut(first, {...request, url: request.address.url}, trace)
}

const unclear: readonly FailureCode[] = ['closed', 'not_engineio', 'upgrade_refused', 'forbidden']

function passesOnlyPolling(code: 'upgrade_refused' | 'upgrade_dropped', first: ProbeFailure): ProbeFailure {
  return new ProbeFailure(code, `polling is answered there, but for websocket ${first.message}`, {
    cause: first,
    hint: 'a proxy on the way drops the Upgrade header, or does not forward WebSockets',
  })
}

/** Whether a session can be opened by polling, or what comes instead; undefined where that is not told in time. */
async function pollOnce(request: EngineRequest, trace: Trace): Promise<'open' | ProbeFailure | undefined> {
  const limit = {ms: LOOK_MS, signal: trace.signal, reason: () => new Error('no second answer')}
  let agent: SessionAgent | undefined
  try {
    return await within(limit, async (signal) => {
      const again = () => dial(dialAddress(request), request.target, {...quiet(trace), signal})
      agent = new SessionAgent(await again(), again)
      const common = {headers: request.headers, agent, cookies: new Cookies()}
      const [packet] = await poll({...common, url: engineUrl(request, 'polling')}, signal)
      if (packet?.type !== 'open') return undefined
      const {sid} = readHandshake(packet.data)
      await post({...common, url: engineUrl(request, 'polling', sid)}, [{type: 'close', data: ''}], signal).catch(
        () => {}, // a session that cannot be closed ends by itself
      )
      return 'open' as const
    })
  } catch (error) {
    return error instanceof ProbeFailure ? error : undefined
  } finally {
    agent?.destroy()
  }
}
