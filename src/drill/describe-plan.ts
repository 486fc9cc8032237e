import {formatMs} from '../core/duration.ts'
import type {LoadPhase} from '../load/curve.ts'
import type {Machine} from './machine.ts'
import type {DrillPlan} from './plan.ts'
import {maxRequestVus, socketVus} from './resources.ts'
import {shortagesOf, type Shortage} from './shortages.ts'

/** When a plan would begin, and on what. */
export interface Circumstances {
  readonly beginsAt: Date
  readonly machine: Machine
}

/** The plan as a page of text: what will be done to whom, what it takes, whether this machine has it, when it ends. */
export function describePlan(plan: DrillPlan, {beginsAt, machine}: Circumstances): string {
  const {profile, scenario, factor, targets, sizing, phases, durationMs, resources} = plan
  const {vus, processes, socketsPerVu, ports, fds, memoryBytes, cores, bytesSent, bytesReceived} = resources
  const reckoned = reckonedBy(plan)
  const load = sizing.dimensions.map(({dimension, value, why, assumed}) => [
    dimension.replace(/_ms$/, ''),
    dimension.endsWith('_ms') ? formatMs(value) : round(value),
    assumed ? `assumed: ${why}` : why,
  ])
  const stages = phases.map((phase) => [
    phase.name,
    `${phase.startMs === 0 ? '0 s' : formatMs(phase.startMs)} to ${formatMs(phase.endMs)}`,
    courseOf(phase) + (phase.judged ? ', judged' : ''),
  ])
  const generator = [
    ...(sizing.relays ? [['threads', String(vus), `${socketsPerVu} allocations each`]] : []),
    ...(sizing.sockets
      ? [['virtual users', String(socketVus(sizing, socketsPerVu)), `${socketsPerVu} sockets each`]]
      : []),
    ...(sizing.requests ? [['virtual users', String(maxRequestVus(sizing.requests)), 'for requests, at most']] : []),
    ...(processes > 1 ? [['processes', String(processes), 'side by side']] : []),
    ['ports', round(ports), 'towards the target'],
    ['open files', round(fds), processes > 1 ? 'each process' : ''],
    ['memory', megabytes(memoryBytes), reckoned],
    ['cores', `${round(cores)} of ${machine.cores}`, reckoned],
    ['traffic', `${megabytes(bytesSent)} out, ${megabytes(bytesReceived)} in`, ''],
  ]
  return [
    `${scenario} drill of ${profile} at ${factor} x its peak, against ${targets.join(', ')}`,
    section('load', load),
    section('stages', stages),
    section('generator', generator),
    section('time', [
      ['duration', formatMs(durationMs), ''],
      ['ends', clock(new Date(beginsAt.getTime() + durationMs)), 'if it began now'],
    ]),
    ...shortagesOf(plan, machine).map(told),
    'Nothing was started.',
  ].join('\n\n')
}

function reckonedBy({resources: {calibratedAt}, sizing}: DrillPlan): string {
  if (calibratedAt !== undefined) return `calibrated on ${calibratedAt.slice(0, 10)}`
  return sizing.relays ? 'assumed: by figures of another machine' : 'assumed: see "drill calibrate"'
}

function told({message, hint, assumed}: Shortage): string {
  return `${assumed ? 'This machine may be too small (assumed)' : 'This machine is too small'}: ${message}\n  ${hint}`
}

function courseOf({from, to}: LoadPhase): string {
  const [start, end] = [percent(from), percent(to)]
  return start === end ? end : `${start} to ${end}`
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

/** A title, and its rows in columns. */
function section(title: string, rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return [title, ...lines.map((line) => `  ${line}`.trimEnd())].join('\n')
}

/** To one decimal, or to one digit where there would be none. */
function round(value: number): string {
  return String(value < 0.1 ? Number(value.toPrecision(1)) : toTenth(value))
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10
}

function megabytes(bytes: number): string {
  return `${toTenth(bytes / 1e6)} MB`
}

function clock(time: Date): string {
  return time.toLocaleString('sv', {timeZoneName: 'short'})
}
