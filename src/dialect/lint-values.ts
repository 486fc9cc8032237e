import type {Json} from '../core/json.ts'
import type {Mistake} from './mistakes.ts'
import {clientsOf, planOf, sidesOf, type LaneStep, type Side, type Stage} from './plan.ts'
import type {Dialect} from './schema.ts'
import {pathOf, stepsOf, type DialectPath} from './steps.ts'
import {keptBy, takenBy} from './taken.ts'
import {placeholdersOf} from './template.ts'

type Known = Readonly<Record<Side, ReadonlySet<string>>>

/** Names in braces that nothing sets, or nothing has set by the time they are used. */
export function lintValues(dialect: Dialect): Mistake[] {
  const found: Mistake[] = []
  let known = inTheBeginning(dialect)
  for (const stage of planOf(dialect)) {
    if (stage.name === 'round_trips') found.push(...unsetInRoundTrip(dialect, known))
    const after = {a: new Set(known.a), b: new Set(known.b)}
    for (const side of sidesOf(dialect)) {
      for (const step of stage.steps[side]) {
        // The other client is at steps of its own: what it knows is certain only from the stages before, or if they meet.
        const meets = stage.steps[side].some((one) => 'meet' in one)
        const sure = meets ? withAll(stage, after, side) : {...known, [side]: after[side]}
        for (const part of partsOf(step)) found.push(...unset(dialect, part, {side, known: sure}))
        for (const name of takenBy(step)) after[side].add(name)
      }
    }
    known = after
    if (stage.name === 'match') found.push(...unsetInOurs(dialect, known))
  }
  return [...found, ...unsetAtAnyTime(dialect, known)]
}

/** Heartbeats and complaints come when they come: what they use must be set at some time. */
function unsetAtAnyTime(dialect: Dialect, known: Known): Mistake[] {
  const also = (names: readonly string[]): Known => ({
    a: new Set([...known.a, ...names]),
    b: new Set([...known.b, ...names]),
  })
  return sidesOf(dialect).flatMap((side) => [
    ...dialect.heartbeats.flatMap((beat) => {
      const all = also('on' in beat ? keptBy(beat.on) : [])
      const paced = 'every' in beat && typeof beat.every === 'string' ? unset(dialect, beat, {side, known: all}) : []
      return paced.length > 0 ? paced : unset(dialect, beat.send, {side, known: all})
    }),
    ...dialect.errors.flatMap((one) => unset(dialect, one, {side, known: also(keptBy(one))})),
  ])
}

function withAll({steps}: Stage, after: Record<Side, Set<string>>, side: Side): Known {
  const other: Side = side === 'a' ? 'b' : 'a'
  return {...after, [other]: new Set([...after[other], ...steps[other].flatMap((step) => takenBy(step))])}
}

/** Known before anything is said: the fresh ids, and what the connection tells. */
function inTheBeginning({ids, values, transport}: Dialect): Known {
  const names = [...Object.keys(ids), ...Object.keys(values), ...(transport.kind === 'socket.io' ? ['sid'] : [])]
  return {a: new Set(names), b: new Set(names)}
}

function unsetInRoundTrip(dialect: Dialect, known: Known): Mistake[] {
  const {roundTrip} = dialect
  const within = {a: new Set([...known.a, 'id', 'n']), b: new Set([...known.b, 'id', 'n'])}
  const answering: Side = roundTrip.kind === 'relay' ? 'b' : 'a'
  return [
    ...('send' in roundTrip ? unset(dialect, roundTrip.send, {side: 'a', known: within}) : []),
    ...('expect' in roundTrip ? unset(dialect, roundTrip.expect, {side: answering, known: within}) : []),
    ...('ack' in roundTrip ? unset(dialect, roundTrip.ack, {side: 'a', known: within}) : []),
  ]
}

function unsetInOurs(dialect: Dialect, known: Known): Mistake[] {
  return (dialect.match?.ours ?? []).flatMap((pair) =>
    sidesOf(dialect).flatMap((side) => unset(dialect, pair, {side, known})),
  )
}

function unset(dialect: Dialect, part: object, {side, known}: {side: Side; known: Known}): Mistake[] {
  const templates = Object.entries(part).filter(([field]) => field !== 'take' && field !== 'matches')
  const local = localTo(part)
  return placeholdersOf(Object.fromEntries(templates) as Json).flatMap((name) => {
    const message = local.has(name) ? undefined : whyUnset(dialect, name, {side, known})
    return message === undefined ? [] : [{path: pathOf(dialect, part), message}]
  })
}

/** Values of one message alone, and of one `set`: those before may be in those after. */
function localTo(part: object): ReadonlySet<string> {
  const {with: own} = part as {readonly with?: object}
  return new Set(Object.keys(own ?? {}))
}

function whyUnset(dialect: Dialect, name: string, {side, known}: {side: Side; known: Known}): string | undefined {
  if (name === 'side') return undefined
  const ofOther = name.startsWith('other.')
  if (ofOther && clientsOf(dialect) === 1) return `expected a value of the one client there is, got {${name}}`
  const holder = ofOther ? (side === 'a' ? 'b' : 'a') : side
  const own = name.replace(/^other\./, '')
  if (known[holder].has(own)) return undefined
  const setter = stepsOf(dialect).find((taken) => taken.side === holder && takenBy(taken.step).includes(own))
  if (!setter) {
    const names = [...known[holder]].join(', ')
    return `expected a value that is set by then${names && ` (${names})`}, got {${name}}, which nothing sets`
  }
  const part = 'expect' in setter.step ? setter.step.expect : setter.step
  const where = 'media' in part ? 'the hand-over' : writtenPath(pathOf(dialect, part))
  return `expected a value that is set by then, got {${name}}, which ${where} sets ${ofOther ? 'at the same time or later' : 'later'}`
}

/** Where a step has templates. */
function partsOf(step: LaneStep): object[] {
  if ('media' in step) return []
  if ('request' in step) return [step.request, step.expect]
  if ('expect' in step) return [step.expect, ...(step.acknowledge ? [step.acknowledge] : [])]
  if ('until' in step) return [step.send, step.until]
  if ('set' in step) return [step.set]
  return 'send' in step ? [step.send, ...(step.ack ? [step.ack] : [])] : []
}

function writtenPath(path: DialectPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}
