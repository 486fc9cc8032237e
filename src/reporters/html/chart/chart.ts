import {html, type Markup} from '../markup.ts'
import type {Extent, Scale} from './scale.ts'

/** What is drawn: values in their own units. Everything that has a colour has a name, too. */
export interface Chart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  /** At most as many as there are styles of lines, which is six. */
  readonly lines: readonly Line[]
  /** Horizontal: what was promised. */
  readonly limits?: readonly Limit[]
  /** Vertical: where something happens. */
  readonly marks?: readonly Mark[]
  /** Parts of the x axis that have a name. */
  readonly bands?: readonly Band[]
}

export interface Axis {
  /** With the unit. */
  readonly label: string
  readonly scale: (paper: Extent, about: number) => Scale
  readonly format: (value: number) => string
}

export interface Line {
  readonly name: string
  /** In order of x; a null is a gap. */
  readonly points: readonly Point[]
  readonly dots?: boolean
}
export type Point = readonly [x: number, y: number | null]

export interface Limit extends Mark {
  /** As much of the label as fits beside the line. */
  readonly short: string
}

export interface Mark {
  readonly at: number
  readonly label: string
}

export interface Band extends Extent {
  readonly name: string
  readonly strong: boolean
}

export interface Paper {
  readonly width: number
  readonly height: number
  /** The least that is left free beside the drawing, so that drawings below each other share their x axis. */
  readonly margins?: Margins
}

/** In characters of labels. */
export interface Margins {
  readonly left: number
  readonly right: number
}

/** Of the digits of the tick labels, in the unit of the paper. */
const CHARACTER = 6.4
const LINE = 14
/** Between two ticks of the y axis, about. */
const TICKS_APART = 28

/** Draws a chart as SVG. The same chart on the same paper gives the same text. */
export function drawChart(chart: Chart, {width, height, margins}: Paper): Markup {
  const {x, y, lines, limits = [], marks = [], bands = []} = chart
  const top = LINE + (bands.length > 0 || marks.length > 0 ? LINE : 6)
  const bottom = height - 2 * LINE - 8
  const vertical = y.scale({from: bottom, to: top}, Math.max(2, Math.floor((bottom - top) / TICKS_APART)))
  const labels = vertical.ticks.map(y.format)
  const left = Math.ceil(Math.max(margins?.left ?? 0, ...labels.map(({length}) => length)) * CHARACTER) + 10
  const gutter = Math.max(margins?.right ?? 0, ...limits.map(({short}) => short.length)) * CHARACTER
  const right = width - Math.max(12, gutter + 8)
  const horizontal = x.scale({from: left, to: right}, Math.max(2, Math.floor((right - left) / 80)))
  const box = {left, right, top, bottom}
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${describe(chart)}">
    ${bands.map((band) => drawBand(band, horizontal, box))}
    <text class="axis" x="0" y="10">${y.label}</text>
    ${vertical.ticks.map((tick, index) => {
      const at = round(vertical.at(tick))
      return html`<path class="grid" d="M${left} ${at}H${right}" /><text
          class="tick"
          x="${left - 6}"
          y="${at + 4}"
          text-anchor="end"
          >${labels[index]}</text
        >`
    })}
    ${horizontal.ticks.map((tick) => {
      const at = round(horizontal.at(tick))
      return html`<path class="stroke" d="M${at} ${bottom}v4" /><text
          class="tick"
          x="${at}"
          y="${bottom + 16}"
          text-anchor="middle"
          >${x.format(tick)}</text
        >`
    })}
    <text class="axis" x="${right}" y="${height - 2}" text-anchor="end">${x.label}</text>
    <path class="stroke" d="M${left} ${bottom}H${right}" />
    ${drawLimits(limits, vertical, box)} ${marks.map(({at, label}) => drawMark({at: horizontal.at(at), label}, box))}
    ${lines.map((line, index) => drawLine(line, {index, x: horizontal, y: vertical}))}
    ${drawTips(chart, horizontal, box)}
  </svg>`
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function drawBand({from, to, name, strong}: Band, x: Scale, {top, bottom, left, right}: Box): Markup {
  const [start, end] = [from, to].map((value) => round(Math.min(right, Math.max(left, x.at(value))))) as [
    number,
    number,
  ]
  const fits = name.length * CHARACTER < end - start
  return html`<rect
      class="${strong ? 'band strong' : 'band'}"
      x="${start}"
      y="${top}"
      width="${round(end - start)}"
      height="${bottom - top}"
      ><title>${name}</title></rect
    >
    <path
      class="edge"
      d="M${start} ${top - 4}V${bottom}"
    />${fits && html`<text class="phase" x="${round((start + end) / 2)}" y="${top - 4}" text-anchor="middle">${name}</text>`}`
}

/** Lines across, their names beside them in the margin, pushed apart where they would meet. */
function drawLimits(limits: readonly Limit[], y: Scale, {left, right, top}: Box): Markup[] {
  const sorted = limits.map((limit) => ({...limit, place: y.at(limit.at)})).toSorted((a, b) => a.place - b.place)
  let free = top
  return sorted.map(({short, place}) => {
    const baseline = Math.max(place + 4, free)
    free = baseline + LINE - 1
    return html`<path class="limit" d="M${left} ${round(place)}H${right}" /><text
        class="limit-label"
        x="${right + 6}"
        y="${round(baseline)}"
        >${short}</text
      >`
  })
}

function drawMark({at, label}: Mark, {top, bottom, left, right}: Box): Markup {
  const half = (label.length * CHARACTER) / 2
  const middle = Math.min(Math.max(at, left + half), right - half)
  return html`<path class="mark" d="M${round(at)} ${top}V${bottom}" /><text
      class="mark-label"
      x="${round(middle)}"
      y="${top - 4}"
      text-anchor="middle"
      >${label}</text
    >`
}

interface LinePlace {
  readonly index: number
  readonly x: Scale
  readonly y: Scale
}

function drawLine({points, dots}: Line, {index, x, y}: LinePlace): Markup {
  let pen = 'M'
  const path = points.map(([at, value]) => {
    if (value === null) {
      pen = 'M'
      return ''
    }
    const step = `${pen}${round(x.at(at))} ${round(y.at(value))}`
    pen = 'L'
    return step
  })
  const known = points.flatMap(([at, value]) => (value === null ? [] : [[at, value] as const]))
  return html`<path
      class="line l${index + 1}"
      d="${path.join('')}"
    />${(dots ?? known.length === 1) && known.map(([at, value]) => html`<circle class="dot l${index + 1}" cx="${round(x.at(at))}" cy="${round(y.at(value))}" r="3" />`)}`
}

/** What the pointer meets: the numbers of one place. */
function drawTips({lines, x: axis, y}: Chart, x: Scale, {left, right, top, bottom}: Box): Markup[] {
  const places = [...new Set(lines.flatMap(({points}) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const values = lines.map(({name, points}) => ({name, at: new Map(points)}))
  return places.map((place, index) => {
    const middle = (other: number | undefined, end: number) =>
      other === undefined ? end : (x.at(other) + x.at(place)) / 2
    const [start, stop] = [middle(places[index - 1], left), middle(places[index + 1], right)]
    const told = values.flatMap(({name, at}) => {
      const value = at.get(place)
      return value === undefined || value === null ? [] : [`${name} ${y.format(value)}`]
    })
    return html`<rect
      class="tip"
      x="${round(start)}"
      y="${top}"
      width="${round(Math.max(0, stop - start))}"
      height="${bottom - top}"
      ><title>${[`${axis.label} ${axis.format(place)}`, ...told].join('\n')}</title></rect
    >`
  })
}

/** What a screen reader says: the drawing itself in a sentence. The numbers are in the table below it. */
function describe({title, x, y, lines, limits = [], marks = []}: Chart): string {
  const what = `${title}: ${lines.map(({name}) => name).join(', ')}; ${y.label} over ${x.label}.`
  const lies = [...limits, ...marks].map(({label}) => label)
  return lies.length === 0 ? what : `${what} Marked: ${lies.join('; ')}.`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
