import {z} from 'zod'
import {subprotocols} from '../../dialect/schema-http.ts'
import {timer} from '../duration-option.ts'
import {holdOptions} from '../hold-option.ts'
import {pattern} from '../pattern-option.ts'
import {connectionOptions} from '../connection-options.ts'
import type {ProbeSpec} from '../probe.ts'
import {requestOptions} from '../request-options.ts'
import {sizeLimit} from '../size-option.ts'
import {urlAddress} from '../url-address.ts'

/** Below the usual time-out of an attempt, so that the failure tells which answer was missing. */
const PATIENCE_MS = 2000

const step = z
  .strictObject({
    send: z.string().optional().describe('text message to send'),
    expect: pattern()
      .optional()
      .describe('pattern (RE2) of a text message to wait for; others before it are passed over'),
    within: timer().default(PATIENCE_MS).describe('how long to wait for it'),
  })
  .refine(({send, expect}) => (send === undefined) !== (expect === undefined), 'expected either `send` or `expect`')

export const websocketOptions = z.strictObject({
  ...requestOptions,
  query: z.record(z.string(), z.string()).default({}).describe('query to add; secrets in it as ${ENV} or file:PATH'),
  origin: z
    .string()
    .regex(
      /^([a-z][a-z0-9+.-]*:\/\/[\x21-\x2e\x30-\x7e]+|null)$/i,
      'expected an origin such as https://chat.example.org',
    )
    .optional()
    .describe('Origin header, as a browser would send it'),
  subprotocols,
  redirects: z.int().min(0).max(10).default(0).describe('how many redirects to follow; without any, one is shown'),
  messages: z.array(step).max(100).default([]).describe('messages to send and to expect after the upgrade, in order'),
  ping: z.int().min(0).max(1000).default(1).describe('how many pings (RFC 6455, section 5.5.2) to time'),
  pingTimeout: timer().default(PATIENCE_MS).describe('how long to wait for each pong'),
  maxPayloadBytes: sizeLimit(1).describe('longest message that is read; a longer one is a failure'),
  ...holdOptions,
  perMessageDeflate: z.boolean().default(false).describe('offer compression (RFC 7692)'),
  ...connectionOptions,
})

export type WebsocketOptions = z.output<typeof websocketOptions>

export const websocketAddress = urlAddress('ws')

export const websocketSpec: ProbeSpec<WebsocketOptions> = {
  name: 'websocket',
  summary: 'one WebSocket: its phases, the upgrade, messages and pings',
  phases: ['resolve', 'connect', 'tls', 'upgrade', 'message', 'hold'],
  options: websocketOptions,
  reject: websocketAddress.reject,
  owes: ({ping, hold}) => ({
    websocket_handshake: 1,
    ...(ping > 0 && {ws_ping: ping}),
    ...(hold !== undefined && {connection_held: 2}),
  }),
  takesMs: ({hold = 0}) => hold,
  load: async () => (await import('./websocket.ts')).websocket,
}
