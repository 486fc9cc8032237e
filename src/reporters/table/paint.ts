import {styleText} from 'node:util'
import type {Status} from '../../core/status.ts'

const colors = {
  fail: ['bold', 'red'],
  degraded: ['bold', 'yellow'],
  inconclusive: ['magenta'],
  pass: ['green'],
  skipped: ['gray'],
} as const

/** A word in the colour of a status. The caller has decided on colours: the stream is not asked again. */
export function paint(status: Status, text: string): string {
  return styleText([...colors[status]], text, {validateStream: false})
}
