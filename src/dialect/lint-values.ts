import type {Json} from '../core/json.ts'
import type {Mistake} from './mistakes.ts'
import {clientsOf, planOf, sidesOf, type LaneStep, type MediaStep, type Side} from './plan.ts'
import type {Dialect} from './schema.ts'
import {pathOf, stepsOf, type DialectPath} from './steps.ts'
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
        // The other client is at steps of its own: what it knows is certain only from the stages before.
        const sure = {...known, [side]: after[side]}
        for (const part of partsOf(step)) found.push(...unset(dialect, part, {side, known: sure}))
        for (const name of takenBy(step)) after[side].add(name)
      }
    }
    known = after
    if (stage.name === 'match') found.push(...unsetInOurs(dialect, known))
  }
  return found
}

/** Known before anything is said: the fresh ids, and what the connection tells. */
function inTheBeginning({ids, transport}: Dialect): Known {
  const names = [...Object.keys(ids), ...(transport.kind === 'socket.io' ? ['sid'] : [])]
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
  return placeholdersOf(Object.fromEntries(templates) as Json).flatMap((name) => {
    const message = whyUnset(dialect, name, {side, known})
    return message === undefined ? [] : [{path: pathOf(dialect, part), message}]
  })
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

function partsOf(step: LaneStep): object[] {
  if ('media' in step) return []
  return 'expect' in step ? [step.expect] : [step.send, ...(step.ack ? [step.ack] : [])]
}

/** What a client's peer tells of itself. */
const told: Readonly<Record<MediaStep['media'], readonly string[]>> = {
  offer: ['sdp'],
  answer: ['sdp'],
  accept: [],
  candidate: ['candidate', 'mid', 'mline'],
}

function takenBy(step: LaneStep): readonly string[] {
  if ('media' in step) return told[step.media]
  return Object.keys(('expect' in step ? step.expect : step.ack)?.take ?? {})
}

function writtenPath(path: DialectPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}
