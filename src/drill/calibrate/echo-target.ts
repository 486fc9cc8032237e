import {fork} from 'node:child_process'
import {once} from 'node:events'
import {extname} from 'node:path'
import {fileURLToPath} from 'node:url'

/** The program of the child: the same file type as this one, so that it works unbuilt as well. */
const program = fileURLToPath(new URL(`./echo-main${extname(import.meta.url)}`, import.meta.url))

export interface EchoTarget {
  readonly url: string
  close(): Promise<void>
}

/** A server that sends everything back, in a process of its own: what it uses is not what is measured. */
export async function echoTarget(signal: AbortSignal): Promise<EchoTarget> {
  const child = fork(program, {execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc']})
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
