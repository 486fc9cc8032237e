import {began} from '../init/metrics.ts'
import {elapsed} from './clock.ts'

let told = false

/** Tells when the load began, once: k6 writes its record from before it makes its virtual users, which takes seconds. */
export function tellBegin(): void {
  if (told) return
  told = true
  began.add(Date.now() - elapsed())
}
