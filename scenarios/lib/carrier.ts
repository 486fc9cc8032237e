import {http, WebSocket} from '../init/k6.ts'
import {elapsed, offset} from './clock.ts'
import {fetchText} from './fetch-text.ts'
import * as measure from './measure.ts'
import type {Carrier} from './polling-socket.ts'
import type {Socket} from './socket.ts'

/** Carries one session that begins by polling. Its cookies are its own: by them a balancer keeps it on one node. */
export function carrierOf<Owner>(headers: Readonly<Record<string, string>>): Carrier<Owner> {
  const jar = new http.CookieJar()
  return {
    exchange: (request) =>
      fetchText({...request, headers: {...headers, 'content-type': 'text/plain; charset=UTF-8'}, jar, name: 'polling'}),
    dial: (url) => new WebSocket(url, null, {headers, jar, tags: {name: 'socket'}}) as unknown as Socket<Owner>,
    now: () => elapsed() + offset,
    refused: (status) => measure.refusal(status),
  }
}
