import type {Json} from '../core/json.ts'
import {placeholdersOf} from './template.ts'

/** What tells one round trip of a conversation from the next, in what is sent and in what answers it. */
export interface TripNames {
  readonly id: string
  readonly n: number
  readonly ack?: number | undefined
}

/** Frames of one form: texts that differ in nothing but the names of their round trips, which need be no object for it. */
export type FrameForm = (id: string, n: number, ack?: number) => string

type Slot = keyof TripNames

/** Names that occur in no text by chance, two of each, of different lengths: what else is made of them shows. */
const probes: readonly [Required<TripNames>, Required<TripNames>] = [
  {id: 'q7zkprobexv4', n: 731053846172, ack: 548201936745},
  {id: 'w2jhdrillmu9jd5', n: 61209475381926, ack: 8203746159281},
]

/**
 * The form of the frames that a maker makes, or null where they differ in more than names written as they are (as after
 * `{id|base64}`, or with a length), or are no text. To cut a name in is many times faster than to fill a template.
 */
export function formOf(make: (names: TripNames) => string | Uint8Array): FrameForm | null {
  const [one, other] = probes.map((names) => cut(make(names), names))
  if (!one || !other) return null
  const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i])
  return same(one.texts, other.texts) && same(one.slots, other.slots) ? joined(one.texts, one.slots) : null
}

/** Whether the frames of a template have one form in all conversations: it names nothing that is a conversation's own. */
export function isOfOneForm(template: Json): boolean {
  return placeholdersOf(template).every((name) => oneForAll.includes(name))
}
const oneForAll = ['id', 'n', 'side']

/** The form of a frame in which an id, and behind `head` the number of an acknowledgement, give place to others. */
export function formOfAnswer(frame: string, {id, ack}: TripNames, head = ''): FrameForm {
  const start = ack === undefined ? '' : `${head}${ack}`
  const [first = '', ...rest] = frame.slice(start.length).split(id)
  const texts = ack === undefined ? [first, ...rest] : [head, first, ...rest]
  return joined(texts, [...(ack === undefined ? [] : (['ack'] as const)), ...rest.map(() => 'id' as const)])
}

function cut(
  frame: string | Uint8Array,
  names: Required<TripNames>,
): {readonly texts: string[]; readonly slots: Slot[]} | null {
  if (typeof frame !== 'string') return null
  const texts: string[] = []
  const slots: Slot[] = []
  let rest = frame
  for (;;) {
    const found = firstName(rest, names)
    texts.push(rest.slice(0, found?.at))
    if (!found) return {texts, slots}
    slots.push(found.slot)
    rest = rest.slice(found.at + String(names[found.slot]).length)
  }
}

/** Without a pattern: k6 compiles those anew at every use. */
function firstName(text: string, names: Required<TripNames>): {readonly at: number; readonly slot: Slot} | undefined {
  const found = (['id', 'n', 'ack'] as const).flatMap((slot) => {
    const at = text.indexOf(String(names[slot]))
    return at < 0 ? [] : [{at, slot}]
  })
  return found.sort((a, b) => a.at - b.at)[0]
}

/** Texts with a name between each two. Those that nearly every dialect has are spelt out: nothing is done more often. */
function joined(texts: readonly string[], slots: readonly Slot[]): FrameForm {
  const [a = '', b = '', c = ''] = texts
  switch (slots.join()) {
    case 'id':
      return (id) => `${a}${id}${b}`
    case 'ack':
      return (_id, _n, ack) => `${a}${ack}${b}`
    case 'ack,id':
      return (id, _n, ack) => `${a}${ack}${b}${id}${c}`
    default:
      return (id, n, ack) => {
        const names = {id, n, ack}
        let text = a
        for (const [index, slot] of slots.entries()) text += String(names[slot]) + (texts[index + 1] ?? '')
        return text
      }
  }
}
