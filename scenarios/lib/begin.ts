import {Gauge} from 'k6/metrics'
import {measures} from '../../src/load/measures.ts'
import {elapsed} from './clock.ts'

const beganAt = new Gauge(measures.beganAt)
let told = false

/** Tells when the load began, once: k6 writes its record from before it makes its virtual users, which takes seconds. */
export function tellBegin(): void {
  if (told) return
  told = true
  beganAt.add(Date.now() - elapsed())
}
