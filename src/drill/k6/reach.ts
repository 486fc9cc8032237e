import {connect} from 'node:net'
import {CannotMeasure} from '../../core/errors.ts'

const DIAL_MS = 5000

/** Dials the server of a URL once. Throws CannotMeasure where no connection comes about. */
export async function reach(address: string): Promise<void> {
  const {hostname, host, port, protocol} = new URL(address)
  const usual = /^(https|wss):$/.test(protocol) ? 443 : 80
  const failure = await dialFailure(hostname.replace(/^\[|\]$/g, ''), port === '' ? usual : Number(port))
  if (failure === undefined) return
  throw new CannotMeasure(
    `${protocol}//${host} cannot be reached (${failure}): nothing was loaded`,
    'see "probe run" for the reason',
  )
}

/** Why no connection comes about, or undefined when one does. */
function dialFailure(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({host, port, timeout: DIAL_MS})
    const end = (failure?: string) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end(`no answer within ${DIAL_MS} ms`))
    socket.once('error', ({code, message}: NodeJS.ErrnoException) => end(code ?? message))
  })
}
