import {z} from 'zod'
import {frames} from './schema-frames.ts'
import {headerName, headerValue, subprotocols, urlPath} from './schema-http.ts'

const headers = z
  .record(headerName, headerValue)
  .default({})
  .meta({secret: true})
  .describe('headers of every request and of the upgrade')
const query = z.record(z.string(), z.string()).default({}).meta({secret: true}).describe("added to the URL's query")

/** What a Socket.IO client has to know, without what to assume where nobody says it. */
export const socketIoSettings = {
  path: urlPath.describe("path of Engine.IO, where the target's URL has none [default: /socket.io/]"),
  namespace: z.string().startsWith('/').describe('namespace to connect to [default: /]'),
  transports: z
    .array(z.enum(['websocket', 'polling']))
    .min(1)
    .describe('[websocket] (the default), [polling], or [polling, websocket]: poll first, then upgrade'),
}

export const socketIoTransport = z.strictObject({
  kind: z.literal('socket.io'),
  path: socketIoSettings.path.default('/socket.io/'),
  namespace: socketIoSettings.namespace.default('/'),
  auth: z.record(z.string(), z.json()).optional().meta({secret: true}).describe('auth payload of the connect packet'),
  headers,
  query,
  transports: socketIoSettings.transports.default(['websocket']),
})

const plain = z.strictObject({
  kind: z.literal('ws'),
  path: urlPath.default('/').describe("path of the WebSocket, where the target's URL has none"),
  headers,
  query,
  subprotocols,
  frames,
})

export const transport = z.discriminatedUnion('kind', [socketIoTransport, plain]).describe('what carries the messages')

export type SocketIoTransport = z.output<typeof socketIoTransport>
export type PlainTransport = z.output<typeof plain>
