import type {CarriedLoad} from '../core/drill-result.ts'
import {JUDGED} from '../load/curve.ts'
import {measures} from '../load/measures.ts'
import {judgedArea, judgedSlots} from '../load/timetable.ts'
import type {Workload} from '../load/workload.ts'
import type {Measured} from './measured.ts'

/** What of the plan was carried in the judged phases, by how much was planned: a session that never was counts, too. */
export function carriedLoads(
  {phases, sockets, requests, relays}: Workload,
  measured: Measured | undefined,
): CarriedLoad[] {
  const loads: CarriedLoad[] = []
  if (sockets) {
    const planned = judgedSlots({...sockets, phases})
    const sent = measured?.rate(`${measures.carried}{phase:${JUDGED}}`)?.good ?? 0
    loads.push({kind: 'round_trips', planned, achieved: sent})
  }
  if (requests?.model === 'open') {
    const planned = Math.floor((requests.perSecond * judgedArea(phases)) / 1000)
    loads.push({kind: 'requests', planned, achieved: measured?.counter(`${measures.requests}{phase:${JUDGED}}`) ?? 0})
  }
  if (relays) {
    const planned = judgedSlots({phases, sessions: relays.calls, ...relays, marginMs: relays.lostAfterMs})
    loads.push({kind: 'packets', planned, achieved: measured?.rate(`${measures.carried}{phase:${JUDGED}}`)?.good ?? 0})
  }
  return loads.filter(({planned}) => planned > 0)
}
