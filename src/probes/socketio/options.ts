import {z} from 'zod'
import {acknowledgement} from '../../dialect/schema-message.ts'
import {dialectSchema} from '../../dialect/schema.ts'
import {socketIoSettings} from '../../dialect/schema-transport.ts'
import {timer} from '../duration-option.ts'
import {connectionOptions} from '../connection-options.ts'
import type {ProbeSpec} from '../probe.ts'
import {holdOptions} from '../hold-option.ts'
import {requestOptions} from '../request-options.ts'
import {urlAddress} from '../url-address.ts'

const {headers, auth: credentials} = requestOptions

/** Its dialect tells a check the transport; only what it says itself is different. */
const dialect = dialectSchema
  .refine(({transport}) => transport.kind === 'socket.io', {
    path: ['transport', 'kind'],
    error: 'expected "socket.io", as a check by the probe socketio knows no other; for "ws" make it a websocket check',
  })
  .optional()
  .describe('whose transport is used where the check says nothing else')

export const socketIoOptions = z.strictObject({
  dialect,
  path: socketIoSettings.path.optional(),
  namespace: socketIoSettings.namespace.optional(),
  transports: socketIoSettings.transports.optional(),
  payload: z
    .record(z.string(), z.json())
    .optional()
    .meta({secret: true})
    .describe("auth payload of the connect packet, in place of the dialect's"),
  headers,
  auth: credentials,
  query: z.record(z.string(), z.string()).default({}).describe("added to the URL's query"),
  emit: z
    .strictObject({
      event: z.string().min(1).describe('name of the event'),
      args: z.array(z.json()).default([]).describe('its arguments'),
      ack: acknowledgement.omit({take: true}).prefault({}).describe('what the acknowledgement must hold'),
      within: timer().default(5000).describe('how long it may take'),
    })
    .optional()
    .describe('an event to emit once connected, which the server must acknowledge'),
  redirects: z.int().min(0).max(10).default(0).describe('how many redirects to follow; without any, one is shown'),
  client: z
    .enum(['own', 'official'])
    .default('own')
    .describe("own: timed phase by phase; official: the protocol's own client, as a second opinion"),
  ...holdOptions,
  ...connectionOptions,
})

export type SocketIoOptions = z.output<typeof socketIoOptions>

export const socketIoAddress = urlAddress('http')

export const socketioSpec: ProbeSpec<SocketIoOptions> = {
  name: 'socketio',
  summary: 'one Socket.IO handshake: Engine.IO, upgrade, namespace, acknowledgement',
  phases: ['resolve', 'connect', 'tls', 'open', 'upgrade', 'namespace', 'ack', 'hold'],
  options: socketIoOptions,
  reject: socketIoAddress.reject,
  owes: ({hold}) => ({socketio_handshake: 1, ...(hold !== undefined && {connection_held: 2})}),
  takesMs: ({hold = 0}) => hold,
  load: async () => (await import('./socketio.ts')).socketio,
}
