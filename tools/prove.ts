/** Runs every drill whose verdict is known beforehand, again and again: a verdict is worth something if it comes out the same. */
import {parseArgs} from 'node:util'
import {knownChatBackend} from '../test/fixtures/known-chat-backend.ts'
import {knownRelays} from '../test/fixtures/known-relays.ts'
import {knownTargets} from '../test/fixtures/known-targets.ts'
import {wrongIn, type KnownCase} from '../test/fixtures/known-case.ts'
import {findProgram, howToGet} from './programs.ts'

/** Drills side by side, for most of one is waiting. */
const AT_ONCE = 4

const {times, only} = wishes()
const known = allCases()
const unknown = only.filter((name) => !(name in known))
if (unknown.length > 0) refuse(`no case named ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}`)

const rows = Object.entries(known).filter(([name]) => only.length === 0 || only.includes(name))
const width = Math.max(...rows.map(([name]) => name.length))
console.log(`${'case'.padEnd(width)}  right  a target that …`)
for (const [name, one] of rows) {
  const wrong = await wrongOnes(one)
  if (wrong.length > 0) process.exitCode = 1
  console.log(`${name.padEnd(width)}  ${`${times - wrong.length}/${times}`.padEnd(5)}  ${one.title}`)
  for (const what of wrong) console.log(`${' '.repeat(width)}  WRONG  ${what.join('; ')}`)
}

/** What was wrong in each run that was not right. */
async function wrongOnes({run, deserves, alone = false}: KnownCase): Promise<string[][]> {
  const found: string[][] = []
  let left = times
  const lane = async () => {
    while (left-- > 0) {
      const wrong = await run().then(
        ({report}) => wrongIn(report, deserves),
        (error: unknown) => [String(error)],
      )
      if (wrong.length > 0) found.push(wrong)
    }
  }
  await Promise.all(Array.from({length: alone ? 1 : AT_ONCE}, lane))
  return found
}

function allCases(): Readonly<Record<string, KnownCase>> {
  const k6 = findProgram('k6') ?? refuse(`needs k6: ${howToGet('k6')}`)
  return {...knownTargets(k6), ...knownRelays, 'chat-backend': knownChatBackend(k6)}
}

function wishes(): {times: number; only: readonly string[]} {
  try {
    const {values} = parseArgs({
      options: {times: {type: 'string', default: '10'}, only: {type: 'string', multiple: true, default: []}},
    })
    const times = Number(values.times)
    if (Number.isInteger(times) && times > 0) return {times, only: values.only}
    return refuse(`--times: expected a whole number above 0, got "${values.times}"`)
  } catch (error) {
    return refuse((error as Error).message)
  }
}

function refuse(message: string): never {
  console.error(`${message}\n  npm run prove -- [--times N] [--only CASE]`)
  process.exit(2)
}
