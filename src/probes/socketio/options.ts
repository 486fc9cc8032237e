import {z} from 'zod'
import {acknowledgement} from '../../dialect/schema-message.ts'
import {duration} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {requestOptions} from '../request-options.ts'
import {tlsOptions} from '../tls-options.ts'
import {urlAddress} from '../url-address.ts'

const {headers, auth: credentials} = requestOptions

export const socketIoOptions = z.strictObject({
  path: z
    .string()
    .startsWith('/')
    .default('/socket.io/')
    .describe("path of Engine.IO, where the target's URL has none"),
  namespace: z.string().startsWith('/').default('/').describe('namespace to connect to'),
  payload: z
    .record(z.string(), z.json())
    .optional()
    .meta({secret: true})
    .describe('auth payload of the connect packet'),
  headers,
  auth: credentials,
  query: z.record(z.string(), z.string()).default({}).describe("added to the URL's query"),
  transports: z
    .array(z.enum(['websocket', 'polling']))
    .min(1)
    .default(['websocket'])
    .describe('[websocket], [polling], or [polling, websocket]: poll first, then upgrade'),
  emit: z
    .strictObject({
      event: z.string().min(1).describe('name of the event'),
      args: z.array(z.json()).default([]).describe('its arguments'),
      ack: acknowledgement.omit({take: true}).prefault({}).describe('what the acknowledgement must hold'),
      within: duration().default(5000).describe('how long it may take'),
    })
    .optional()
    .describe('an event to emit once connected, which the server must acknowledge'),
  client: z
    .enum(['own', 'official'])
    .default('own')
    .describe("own: timed phase by phase; official: the protocol's own client, as a second opinion"),
  ...tlsOptions,
})

export type SocketIoOptions = z.output<typeof socketIoOptions>

export const socketIoAddress = urlAddress(['http', 'https'])

export const socketioSpec: ProbeSpec<SocketIoOptions> = {
  name: 'socketio',
  summary: 'one Socket.IO handshake: Engine.IO, upgrade, namespace, acknowledgement',
  phases: ['resolve', 'connect', 'tls', 'open', 'upgrade', 'namespace', 'ack'],
  options: socketIoOptions,
  reject: socketIoAddress.reject,
  owes: () => ({socketio_handshake: 1}),
}
