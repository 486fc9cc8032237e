import {randomUUID} from 'node:crypto'
import {causeOfAnswer} from '../answer-cause.ts'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {describeAnswer, type HttpAnswer} from '../http-answer.ts'
import {ownPageOf} from '../own-page.ts'
import type {Trace} from '../probe.ts'
import {within} from '../within.ts'
import {look, type Asked} from './look.ts'

const EXPECTED = '101 Switching Protocols'
const LOOK_MS = 2000

/**
 * Names an answer that is not 101: by itself where it says enough, else by a second look at the same path, once without
 * the upgrade, or with another origin. Where that shows nothing in time, only what came first is told.
 */
export async function refusal(
  {answer, waitedMs}: {answer: HttpAnswer; waitedMs: number},
  asked: Asked,
  trace: Trace,
): Promise<ProbeFailure> {
  const said = causeOfAnswer(answer, {expected: EXPECTED, url: asked.url, waitedMs}) ?? ownWords(answer)
  if (said && said.code !== 'login_required') return said
  const limit = {ms: LOOK_MS, signal: trace.signal, reason: () => new Error('no second answer')}
  const seen = await within(limit, (signal) => {
    const looking = {...trace, signal}
    const origins = said !== undefined || answer.status === 403 // `ws` says 401 for whatever it does not let in
    return origins ? otherOrigins(answer, asked, looking) : plainRequest(answer, asked, looking)
  }).catch(() => undefined) // what cannot be looked at twice is told as it was seen once
  return seen ?? said ?? refused(answer)
}

/** What a server says of an upgrade in words of its own. */
function ownWords(answer: HttpAnswer): ProbeFailure | undefined {
  const {status, headers, body} = answer
  const got = `expected ${EXPECTED}, got ${describeAnswer(answer)}`
  if (status === 426 && !speaksOurVersion(headers['sec-websocket-version'])) {
    return new ProbeFailure('upgrade_refused', got, {
      hint: `the server speaks versions ${excerpt(String(headers['sec-websocket-version']))} of the protocol, not 13`,
    })
  }
  if (status === 426 || (status === 400 && asksForUpgrade.test(body))) return dropped(answer)
  if (status === 400 && /"code":5\b|unsupported protocol version/i.test(body)) {
    return new ProbeFailure('engineio_version', `the server does not speak the asked version of Engine.IO: ${got}`, {
      hint: 'EIO=4 is Socket.IO 3 and 4, EIO=3 is Socket.IO 2',
    })
  }
  if (status === 400 && /sub-?protocol/i.test(body)) {
    return new ProbeFailure('subprotocol', `the server wants another subprotocol: ${got}`, {
      hint: 'offer one that it speaks with `subprotocols`',
    })
  }
  return undefined
}

/** In the words of most servers; the code 3 is Engine.IO's "bad request": its websocket transport without an upgrade. */
const asksForUpgrade = /upgrade|"code":3\b/i

/** A server that does not speak version 13 also answers 426, and names those it does (RFC 6455, section 4.2.2). */
function speaksOurVersion(versions: string | undefined): boolean {
  return versions === undefined || versions.split(',').some((version) => version.trim() === '13')
}

/** The same request with the origin of the server's own pages, and without any, where those are others. */
async function otherOrigins(answer: HttpAnswer, asked: Asked, trace: Trace): Promise<ProbeFailure | undefined> {
  const {origin, ...headers} = asked.headers
  for (const other of [asked.url.origin, undefined].filter((one) => one !== origin)) {
    const again = {...asked, headers: {...headers, ...(other !== undefined && {origin: other})}}
    const {status} = await look(again, 'upgrade', trace)
    if (status !== 101) continue
    return new ProbeFailure(
      'origin_refused',
      `the server does not accept ${origin ?? 'a request without an origin'}: expected ${EXPECTED}, got ${describeAnswer(answer)}`,
      {hint: `it lets in ${other ?? 'who names no origin'}: send that with \`origin\`, or allow this one there`},
    )
  }
  return undefined
}

/** A plain request of the same path: whether the server behind has seen an upgrade at all. */
async function plainRequest(answer: HttpAnswer, asked: Asked, trace: Trace): Promise<ProbeFailure | undefined> {
  if (ownPageOf(answer) !== undefined || !alike(answer, await look(asked, 'plain request', trace))) return undefined
  if (answer.status >= 300) return dropped(answer)
  const anywhere = new URL(randomUUID(), asked.url) // beside it: the pages may have a folder of their own
  if (!alike(answer, await look({...asked, url: anywhere}, 'plain request', trace))) return dropped(answer)
  return new ProbeFailure(
    'not_websocket',
    `any path shows the same web page: expected ${EXPECTED}, got ${describeAnswer(answer)}`,
    {hint: 'is the path right, and does the proxy lead it to the server in place of the pages?'},
  )
}

/** Pages may hold a time or an id: their beginnings are compared, the path that some repeat left out. */
function alike(one: HttpAnswer, other: HttpAnswer): boolean {
  const beginning = ({body}: HttpAnswer) => excerpt(body, 60).replace(/\/\S*/g, '/').replace(/\d+/g, '0')
  return one.status === other.status && beginning(one) === beginning(other)
}

/**
 * Upgrade is a hop-by-hop header (RFC 9110, section 7.6.1): a proxy that does not know it forwards an ordinary GET. The
 * server behind shows a page, has nothing there, asks for the upgrade that we did send, or complains that it is missing.
 */
function dropped(answer: HttpAnswer): ProbeFailure {
  const {via, server} = answer.headers
  const proxy = String(via ?? server ?? '')
  return new ProbeFailure(
    'upgrade_dropped',
    `the server saw an ordinary request: expected ${EXPECTED}, got ${describeAnswer(answer)}`,
    {
      hint:
        'a proxy on the way drops the Upgrade header (nginx needs proxy_http_version 1.1 and both headers set), ' +
        `or the path is wrong${proxy ? `; answered by ${excerpt(proxy, 60)}` : ''}`,
    },
  )
}

function refused(answer: HttpAnswer): ProbeFailure {
  const own = ownPageOf(answer)
  const hint = own === undefined ? hints[answer.status] : `${own} answers itself: it leads this path to no server`
  const code = answer.status === 403 ? 'forbidden' : 'upgrade_refused'
  return new ProbeFailure(code, `expected ${EXPECTED}, got ${describeAnswer(answer)}`, hint === undefined ? {} : {hint})
}

const hints: Readonly<Record<number, string>> = {
  403: 'not for these credentials, this address or this `origin`',
  404: 'check the path',
}
