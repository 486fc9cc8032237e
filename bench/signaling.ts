import {quantile} from '../src/core/stats.ts'
import {runCheck} from '../src/probes/run-check.ts'
import {probeNamed} from '../src/probes/index.ts'
import {targetOf} from '../src/probes/target.ts'
import {ackDialect} from '../test/fixtures/dialects.ts'
import {videoChatServer} from '../test/fixtures/video-chat-server.ts'
import type {Bench} from './claim.ts'

const ROUNDS = 6
const TRIPS = 300

/** Acknowledged round trips on a real Socket.IO server: our client against the protocol's official one, in turns. */
export const signaling: Bench = async () => {
  const server = await videoChatServer()
  try {
    const own: number[] = []
    const official: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      own.push(...(await roundTrips(server.url, 'own')))
      official.push(...(await roundTrips(server.url, 'official')))
    }
    return ([0.5, 0.95] as const).map((share) => {
      const [ours, theirs] = [own, official].map((values) => quantile(values, share) ?? Number.NaN) as [number, number]
      return {
        name: `signaling round trip, p${share * 100}`,
        measured: ours - theirs,
        limit: 0.2,
        unit: 'ms over socket.io-client',
        detail: `${ours.toFixed(3)} ms against ${theirs.toFixed(3)} ms, ${ROUNDS * TRIPS} each in turns`,
      }
    })
  } finally {
    await server.close()
  }
}

async function roundTrips(url: string, client: 'own' | 'official'): Promise<number[]> {
  const options = {dialect: ackDialect, client, count: TRIPS, interval: 2}
  const check = {
    name: client,
    probe: 'signaling',
    target: targetOf(url),
    options,
    attempts: 1,
    intervalMs: 0,
    timeoutMs: 10_000,
    needs: [],
    tags: [],
  }
  const probe = await probeNamed('signaling').configure(options)
  const [result] = await runCheck(probe, check, {signal: new AbortController().signal, secrets: []})
  if (!result?.ok) throw new Error(result?.failure.message ?? 'no result')
  return result.events.flatMap(({indicator, value}) =>
    indicator === 'signaling_rtt' && value !== undefined ? [value] : [],
  )
}
