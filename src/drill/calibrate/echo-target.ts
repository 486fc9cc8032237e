import {fork} from 'node:child_process'
import {once} from 'node:events'
import {ourProgram} from '../../probes/package-files.ts'

export interface EchoTarget {
  readonly url: string
  close(): Promise<void>
}

/** A server that sends everything back, in a process of its own: what it uses is not what is measured. */
export async function echoTarget(signal: AbortSignal): Promise<EchoTarget> {
  const child = fork(ourProgram('drill/calibrate/echo-main'), {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    const [port] = (await once(child, 'message', {signal})) as [number]
    return {url: `http://127.0.0.1:${port}/`, close}
  } catch (error) {
    await close()
    throw error
  }
}
