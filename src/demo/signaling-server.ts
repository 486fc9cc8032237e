import type {Server} from 'node:http'
import {createServer} from '../probes/node-http.ts'
import type {AddressInfo} from 'node:net'
import {EngineServer} from './signaling/engine-server.ts'
import {Lobby, type LobbyFaults} from './signaling/lobby.ts'
import {serveNamespace} from './signaling/namespace.ts'

export interface SignalingServerOptions extends LobbyFaults {
  /** Serve on this HTTP server instead of an own one on a free port; its listening and closing stay its owner's. */
  readonly server?: Server
  /** Refuse every client with this message, as a middleware would. */
  readonly refuse?: string
}

export interface SignalingServer {
  /** Where it answers, without a path. */
  readonly url: string
  close(): Promise<void>
}

/** A small video chat back end on loopback: `GET /health`, and Socket.IO over websocket and polling at `/socket.io/`. */
export async function startSignalingServer(options: SignalingServerOptions = {}): Promise<SignalingServer> {
  const lobby = new Lobby(options)
  const engine = new EngineServer((session) => serveNamespace(session, lobby, options.refuse))
  const server = options.server ?? createServer()
  server.on('request', (request, response) => {
    if (engine.serves(request)) engine.answer(request, response)
    else if (request.url === '/health') response.setHeader('content-type', 'application/json').end('{"status":"ok"}')
    else response.writeHead(404).end('not found')
  })
  server.on('upgrade', (request, socket, head) => engine.upgrade(request, socket, head))
  if (!server.listening) await listen(server)
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      engine.close()
      if (options.server) return
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
