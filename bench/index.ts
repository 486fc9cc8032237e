import {isKept, type Bench} from './claim.ts'
import {calls} from './calls.ts'
import {drill} from './drill.ts'
import {handshakes} from './handshakes.ts'
import {iceProcess} from './ice-process.ts'
import {run} from './run.ts'
import {signaling} from './signaling.ts'
import {startup} from './startup.ts'
import {turn} from './turn.ts'

/** Every bench by name: `npm run bench`, or `npm run bench -- startup` for some. */
const benches: Readonly<Record<string, Bench>> = {
  startup,
  run,
  handshakes,
  signaling,
  turn,
  calls,
  drill,
  'ice-process': iceProcess,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  for (const claim of await bench()) {
    const verdict = isKept(claim) ? 'kept' : 'MISSED'
    console.log(
      `${verdict}  ${claim.name}: ${claim.measured.toFixed(2)} ${claim.unit} (limit ${claim.limit}); ${claim.detail}`,
    )
    if (!isKept(claim)) process.exitCode = 1
  }
}
