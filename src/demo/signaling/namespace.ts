import {randomUUID} from 'node:crypto'
import {decodeSocketPacket, encodeSocketPacket, type SocketPacket} from '../../dialect/socketio.ts'
import type {EngineSession} from './engine-session.ts'
import type {Lobby, Member} from './lobby.ts'

/** Speaks Socket.IO 5 on the default namespace of one session, and brings its client into the lobby. */
export function serveNamespace(session: EngineSession, lobby: Lobby, refusal?: string): void {
  const send = (packet: SocketPacket) => session.send({type: 'message', data: encodeSocketPacket(packet)})
  let member: Member | undefined
  session.onMessage(({data}) => {
    if (typeof data !== 'string') return
    const {packet} = decodeSocketPacket(data)
    const {namespace} = packet
    if (packet.type === 'connect') {
      const refused = namespace === '/' ? refusal : 'Invalid namespace'
      if (refused !== undefined) {
        send({type: 'connect_error', namespace, data: {message: refused}})
        return
      }
      const sid = randomUUID()
      member = {sid, emit: (event, ...args) => send({type: 'event', namespace, event, args})}
      send({type: 'connect', namespace, data: {sid}})
    } else if (packet.type === 'event' && member) {
      lobby.receive(member, packet.event, packet.args[0] ?? null)
      if (packet.id !== undefined) send({type: 'ack', namespace, id: packet.id, args: packet.args})
    } else if (packet.type === 'disconnect') session.end()
  })
  session.onEnd(() => {
    if (member) lobby.leave(member)
  })
}
