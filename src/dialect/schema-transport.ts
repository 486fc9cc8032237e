import {z} from 'zod'

const headers = z
  .record(z.string(), z.string())
  .default({})
  .meta({secret: true})
  .describe('headers of every request and of the upgrade')
const query = z.record(z.string(), z.string()).default({}).meta({secret: true}).describe("added to the URL's query")

const socketIo = z.strictObject({
  kind: z.literal('socket.io'),
  path: z
    .string()
    .startsWith('/')
    .default('/socket.io/')
    .describe("path of Engine.IO, where the target's URL has none"),
  namespace: z.string().startsWith('/').default('/').describe('namespace to connect to'),
  auth: z.record(z.string(), z.json()).optional().meta({secret: true}).describe('auth payload of the connect packet'),
  headers,
  query,
  transports: z
    .array(z.enum(['websocket', 'polling']))
    .min(1)
    .default(['websocket'])
    .describe('[websocket], [polling], or [polling, websocket]: poll first, then upgrade'),
})

const plain = z.strictObject({
  kind: z.literal('ws'),
  path: z.string().startsWith('/').default('/').describe("path of the WebSocket, where the target's URL has none"),
  headers,
  query,
  subprotocols: z.array(z.string().min(1)).default([]).describe('subprotocols to offer'),
})

export const transport = z.discriminatedUnion('kind', [socketIo, plain]).describe('what carries the messages')

export type SocketIoTransport = z.output<typeof socketIo>
export type PlainTransport = z.output<typeof plain>
