import {decodeChannelData, isChannelData} from '../../probes/stun/channel-data.ts'
import {methods} from './codec.ts'
import {Allocations, type AllocationLimits} from './allocations.ts'
import {errorAnswer, Refusal, successAnswer} from './answer.ts'
import {authentication, type AuthenticationOptions} from './authentication.ts'
import type {Client, Receiver} from './client.ts'
import {handlers, type Policy} from './handlers.ts'
import {parseRequest, type Request} from './request.ts'

export type ServiceOptions = AuthenticationOptions & AllocationLimits & Policy

export interface TurnService extends Receiver {
  allocations(): number
  close(): void
}

/** What the server does with a message, whichever transport brought it. */
export function turnService(options: ServiceOptions): TurnService {
  const authenticate = authentication(options)
  const allocations = new Allocations(options)

  const answer = async (client: Client, request: Request): Promise<Buffer | undefined> => {
    if (request.method === methods.BINDING) {
      return successAnswer(request, [['XOR-MAPPED-ADDRESS', [client.address, client.port]]])
    }
    let key: Buffer | undefined
    try {
      const authenticated = authenticate(request)
      key = authenticated.key
      if (request.unknownAttributes.length > 0) {
        throw new Refusal(420, [['UNKNOWN-ATTRIBUTES', request.unknownAttributes]])
      }
      const handle = handlers[request.method]
      if (!handle) throw new Refusal(400)
      const attributes = await handle({client, request, user: authenticated.user, allocations, policy: options})
      return attributes && successAnswer(request, attributes, key)
    } catch (error) {
      return errorAnswer(request, error instanceof Refusal ? error : new Refusal(500), key)
    }
  }

  return {
    message: (client, bytes) => {
      if (isChannelData(bytes)) {
        const sent = decodeChannelData(bytes)
        if (sent) allocations.of(client)?.sendOnChannel(sent.channel, sent.data)
        return
      }
      const request = parseRequest(bytes)
      if (!request) return
      if (request.indication) sendIndication(client, request)
      else void answer(client, request).then((bytes) => bytes && client.send(bytes))
    },
    serves: (client) => allocations.of(client) !== undefined,
    gone: (client) => allocations.end(client),
    allocations: () => allocations.size,
    close: () => allocations.close(),
  }

  function sendIndication(client: Client, {method, peers, data}: Request): void {
    const [peer] = peers
    if (method === methods.SEND && peer && data) allocations.of(client)?.send(peer, data)
  }
}
