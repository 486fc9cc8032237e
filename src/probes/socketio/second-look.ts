import {ProbeFailure} from '../../core/errors.ts'
import {readHandshake} from '../../dialect/handshake.ts'
import {dial} from '../dial.ts'
import type {Trace} from '../probe.ts'
import {Cookies} from './cookies.ts'
import {dialAddress, engineUrl, type EngineRequest} from './engine-request.ts'
import {poll, post} from './polling.ts'
import {quiet} from '../quiet-trace.ts'
import {SessionAgent} from './session-agent.ts'
import {within} from '../within.ts'

const LOOK_MS = 1000

/**
 * An upgrade that was cut without an answer has many causes: Socket.IO does it to paths that are not its own. A plain
 * GET of the same path is answered, and tells which. Returns the failure that says most.
 */
export async function secondLook(silent: ProbeFailure, request: EngineRequest, trace: Trace): Promise<ProbeFailure> {
  const limit = {ms: LOOK_MS, signal: trace.signal, reason: () => silent}
  let agent: SessionAgent | undefined
  try {
    return await within(limit, async (signal) => {
      const again = () => dial(dialAddress(request), request.target, {...quiet(trace), signal})
      agent = new SessionAgent(await again(), again)
      const common = {headers: request.headers, agent, cookies: new Cookies()}
      const [first] = await poll({...common, url: engineUrl(request, 'polling')}, signal)
      if (first?.type !== 'open') return silent
      const {sid} = readHandshake(first.data)
      await post({...common, url: engineUrl(request, 'polling', sid)}, [{type: 'close', data: ''}], signal)
      return new ProbeFailure('upgrade_refused', `polling is answered there, but for websocket ${silent.message}`, {
        cause: silent,
        hint: 'a proxy on the way may not forward WebSockets',
      })
    })
  } catch (error) {
    return error instanceof ProbeFailure && error.code !== 'closed' ? error : silent
  } finally {
    agent?.destroy()
  }
}
