import {quantile} from '../src/core/stats.ts'
import {makeCertificate} from '../src/demo/certificate.ts'
import {probes} from '../src/probes/index.ts'
import {attemptOn} from '../test/fixtures/attempt-on.ts'
import {startCoturn, type Coturn} from '../test/fixtures/coturn.ts'
import {udpProxy, type Fate} from '../test/fixtures/proxy.ts'
import {startChromium, type Browser} from './chromium.ts'
import type {Bench, Claim} from './claim.ts'

const CALLS = 30
/** In turns of so many, so that a noisy machine disturbs both. */
const TURN = 5
const TIMEOUT_MS = 20_000
const user = {username: 'u', credential: 'p'}

/** Relay-only calls through one coturn, ours in this process against headless Chromium's. */
export const calls: Bench = async () => {
  const certificate = await makeCertificate()
  const [coturn, browser] = await Promise.all([startCoturn({certificate}), startChromium()])
  try {
    const rivals = {browser, ca: certificate.ca}
    const claims: Claim[] = []
    for (const [name, uri] of Object.entries(urisOf(coturn))) claims.push(...(await quickness(name, uri, rivals)))
    for (const [name, fate] of Object.entries(paths)) claims.push(await success(name, {coturn, fate}, rivals))
    return claims
  } finally {
    await browser.close()
    await coturn.close()
  }
}

const urisOf = ({ip, port, tlsPort}: Coturn): Readonly<Record<string, string>> => ({
  udp: `turn:${ip}:${port}?transport=udp`,
  tcp: `turn:${ip}:${port}?transport=tcp`,
  tls: `turns:${ip}:${tlsPort}?transport=tcp`,
})

const lost = (percent: number): Fate => {
  return () => (100 * Math.random() < percent ? [] : [0])
}
const paths: Readonly<Record<string, Fate>> = {
  'with 0 to 5 ms of jitter': () => [5 * Math.random()],
  'losing 3 %, each way': lost(3),
  'losing 10 %, each way': lost(10),
}

interface Rivals {
  readonly browser: Browser
  readonly ca: string
}

interface Times {
  readonly ours: readonly (number | null)[]
  readonly theirs: readonly (number | null)[]
}

async function quickness(name: string, uri: string, rivals: Rivals): Promise<Claim[]> {
  const {ours, theirs} = await inTurns(uri, rivals)
  return ([0.5, 0.95] as const).map((share) => {
    const [we, they] = [ours, theirs].map((times) => quantile(opened(times), share) ?? Infinity) as [number, number]
    return {
      name: `relay-only call over ${name}, p${share * 100}`,
      measured: we / they,
      limit: 1,
      unit: '× Chromium',
      detail: `${we.toFixed(0)} ms against ${they.toFixed(0)} ms, ${opened(ours).length} and ${opened(theirs).length} of ${CALLS} in turns`,
    }
  })
}

async function success(name: string, {coturn, fate}: {coturn: Coturn; fate: Fate}, rivals: Rivals): Promise<Claim> {
  const proxy = await udpProxy({to: {ip: coturn.ip, port: coturn.port}, fate})
  try {
    const {ours, theirs} = await inTurns(`turn:${coturn.ip}:${proxy.port}?transport=udp`, rivals)
    const [we, they] = [opened(ours), opened(theirs)]
    const p50 = (times: readonly number[]) => quantile(times, 0.5)?.toFixed(0) ?? 'none'
    return {
      name: `calls over a path ${name}`,
      measured: they.length - we.length,
      limit: 0,
      unit: 'calls fewer than Chromium',
      detail: `${we.length} against ${they.length} of ${CALLS}; p50 ${p50(we)} ms against ${p50(they)} ms`,
    }
  } finally {
    await proxy.close()
  }
}

async function inTurns(uri: string, {browser, ca}: Rivals): Promise<Times> {
  const ours: (number | null)[] = []
  const theirs: (number | null)[] = []
  await Promise.all([browser.calls({urls: uri, ...user}, {calls: 1, timeoutMs: TIMEOUT_MS}), ourCall(uri, ca)]) // both are cold
  for (let turn = 0; turn < CALLS / TURN; turn++) {
    theirs.push(...(await browser.calls({urls: uri, ...user}, {calls: TURN, timeoutMs: TIMEOUT_MS})))
    for (let call = 0; call < TURN; call++) ours.push(await ourCall(uri, ca))
  }
  return {ours, theirs}
}

/** From the first packet to the TURN server to the open data channel, as the browser's. */
async function ourCall(uri: string, ca: string): Promise<number | null> {
  const credentials = {username: user.username, password: user.credential}
  const options = {credentials, ca, messages: 1, connectTimeout: '10s', handshakeTimeout: '10s'}
  const {phases} = await attemptOn(probes.ice, {address: uri, options, timeoutMs: TIMEOUT_MS})
  const until = phases.findIndex(({name}) => name === 'data_channel')
  if (phases[until]?.state !== 'done') return null
  return phases.slice(0, until + 1).reduce((sum, {ms}) => sum + ms, 0)
}

function opened(times: readonly (number | null)[]): number[] {
  return times.filter((time) => time !== null)
}
