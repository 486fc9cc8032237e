import {once} from 'node:events'
import type {IncomingMessage} from 'node:http'
import {createServer} from '../node-http.ts'
import type {AddressInfo} from 'node:net'
import {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'

/** As much of Alertmanager's webhook payload (version 4) as tells which alerts it is about. */
const notification = z.object({
  receiver: z.string().default(''),
  alerts: z.array(z.object({status: z.enum(['firing', 'resolved']), labels: z.record(z.string(), z.string())})),
})

export type Notification = z.output<typeof notification>

/** A webhook receiver of our own that Alertmanager notifies. */
export interface Receiver {
  readonly port: number
  /** The first notification that fits, whether it came before or comes later. Rejects with the signal's reason. */
  notified(fits: (one: Notification) => boolean, signal: AbortSignal): Promise<Notification>
  close(): Promise<void>
}

const LONGEST_BODY = 1024 * 1024
/** What is kept: a receiver that others use as well must not fill the memory. */
const MOST_KEPT = 1000

export async function openReceiver({host, port}: {host: string; port: number}): Promise<Receiver> {
  const kept: Notification[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const parsed = notification.safeParse(body)
      response.writeHead(parsed.success ? 200 : 400).end()
      if (!parsed.success) return
      kept.push(parsed.data)
      kept.splice(0, kept.length - MOST_KEPT)
      for (const look of waiting) look()
    })
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: unknown) => {
    throw new ProbeFailure('unsupported', `cannot listen on ${host}:${port}: ${(error as Error).message}`, {
      cause: error,
      hint: 'choose another --receiver-port, the one that Alertmanager sends to',
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    notified: (fits, signal) =>
      new Promise((resolve, reject) => {
        const done = () => {
          waiting.delete(look)
          signal.removeEventListener('abort', onAbort)
        }
        const onAbort = () => {
          done()
          reject(signal.reason as Error)
        }
        const look = () => {
          const found = kept.find(fits)
          if (!found) return
          done()
          resolve(found)
        }
        waiting.add(look)
        signal.addEventListener('abort', onAbort, {once: true})
        if (signal.aborted) onAbort()
        else look()
      }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Undefined for what is no JSON, or too much of it. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > LONGEST_BODY) return undefined
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined // answered with 400
  }
}
