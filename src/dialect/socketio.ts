import type {Json} from '../core/json.ts'
import {Malformed} from './malformed.ts'
import {DEEPEST, parseJson} from './parse-json.ts'

/** A packet of Socket.IO protocol 5. Bytes inside `args` stand there as base64 text. */
export type SocketPacket =
  | {readonly type: 'connect'; readonly namespace: string; readonly data?: Json}
  | {readonly type: 'disconnect'; readonly namespace: string}
  | {readonly type: 'connect_error'; readonly namespace: string; readonly data: Json}
  | {
      readonly type: 'event'
      readonly namespace: string
      readonly event: string
      readonly args: readonly Json[]
      readonly id?: number
    }
  | {readonly type: 'ack'; readonly namespace: string; readonly id: number; readonly args: readonly Json[]}

/** A packet as it arrives: its `args` have placeholders until so many binary frames have followed. */
export interface DecodedPacket {
  readonly packet: SocketPacket
  readonly attachments: number
}

const codes = {connect: 0, disconnect: 1, event: 2, ack: 3, connect_error: 4} as const
const BINARY_EVENT = 5
const BINARY_ACK = 6

/** The text of an Engine.IO message. */
export function encodeSocketPacket(packet: SocketPacket): string {
  const namespace = packet.namespace === '/' ? '' : `${packet.namespace},`
  return `${codes[packet.type]}${namespace}${tail(packet)}`
}

function tail(packet: SocketPacket): string {
  switch (packet.type) {
    case 'connect':
    case 'connect_error':
      return packet.data === undefined ? '' : JSON.stringify(packet.data)
    case 'disconnect':
      return ''
    case 'event':
      return `${packet.id ?? ''}${JSON.stringify([packet.event, ...packet.args])}`
    case 'ack':
      return `${packet.id}${JSON.stringify(packet.args)}`
  }
}

/** Reads `type[attachments-][namespace,][id][json]`. Throws Malformed. */
export function decodeSocketPacket(text: string): DecodedPacket {
  const code = text.length > 0 ? text.charCodeAt(0) - 48 : -1
  const binary = code === BINARY_EVENT || code === BINARY_ACK
  const [, count = '', namespace = '/', id = '', json = ''] =
    (binary ? /^.(\d+)-(?:(\/[^,]*),)?(\d*)(.*)$/s : /^.()(?:(\/[^,]*)(?:,|$))?(\d*)(.*)$/s).exec(text) ?? []
  if (code < 0 || code > BINARY_ACK || (binary && count === '')) {
    throw new Malformed('a Socket.IO packet (a digit 0 to 6, then data)', text)
  }
  // Only events and acknowledgements have an id: digits elsewhere are data.
  const numbered = code === codes.event || code === codes.ack || binary
  const head = {namespace, ...(numbered && id !== '' && {id: Number(id)})}
  return {packet: assemble(code, head, {json: numbered ? json : id + json, text}), attachments: Number(count)}
}

function assemble(
  code: number,
  {namespace, id}: {namespace: string; id?: number},
  {json, text}: {json: string; text: string},
): SocketPacket {
  const data = json === '' ? undefined : parse(json, text)
  switch (code) {
    case codes.connect:
      return {type: 'connect', namespace, ...(data !== undefined && {data})}
    case codes.disconnect:
      return {type: 'disconnect', namespace}
    case codes.connect_error:
      return {type: 'connect_error', namespace, data: data ?? null}
    case codes.ack:
    case BINARY_ACK: {
      if (!isList(data) || id === undefined) throw new Malformed('an acknowledgement with an id and a JSON array', text)
      return {type: 'ack', namespace, id, args: data}
    }
    default: {
      const [event, ...args] = isList(data) ? data : []
      // Old servers number their events; the field's own clients take both.
      if (typeof event !== 'string' && typeof event !== 'number') {
        throw new Malformed('an event as a JSON array that begins with its name', text)
      }
      return {type: 'event', namespace, event: String(event), args, ...(id !== undefined && {id})}
    }
  }
}

function parse(json: string, text: string): Json {
  const value = parseJson(json)
  if (value === undefined) throw new Malformed(`JSON of at most ${DEEPEST} levels in a Socket.IO packet`, text)
  return value
}

/** `Array.isArray` knows no readonly arrays. */
function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
