import {createRequire} from 'node:module'
import type * as http from 'node:http'

/**
 * Node's own HTTP, required and not imported: an `import` reads every export, and among node:http's are WebSocket and its
 * events, for which Node loads the whole of undici. That is 70 ms of CPU at the start of every command.
 */
export const {request, createServer, Agent} = createRequire(import.meta.url)('node:http') as typeof http
