import CliTable from 'cli-table3'

export interface GridOptions {
  /** Columns that the grid may take; without it nothing wraps. */
  readonly width?: number | undefined
  readonly framed: boolean
  readonly unicode: boolean
}

type Cells = readonly string[]

const GAP = 2
/** Names are shorter; addresses may be broken. */
const LONGEST_WORD = 20
const none = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left'].map(
    (name) => [name, ''],
  ),
)
const plain = {...none, 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ''}
const asciiFrame = Object.fromEntries(
  Object.keys(plain).map((name) => {
    if (name === 'left' || name === 'right' || name === 'middle') return [name, '|']
    return [name, name === 'top' || name === 'bottom' || name === 'mid' ? '-' : '+']
  }),
)

/** Rows under a head, aligned, in frames or bare; long cells wrap where the width asks for it. */
export function grid(head: Cells, rows: readonly Cells[], {width, framed, unicode}: GridOptions): string {
  const padding = framed ? {'padding-left': 1, 'padding-right': 1} : {'padding-left': 0, 'padding-right': GAP}
  const inner = width && width - (framed ? head.length + 1 : 0) - GAP * head.length
  const widths = inner ? fit([head, ...rows], inner) : undefined
  const table = new CliTable({
    head: [...head],
    style: {head: [], border: [], ...padding},
    ...(!framed ? {chars: plain} : !unicode && {chars: asciiFrame}),
    ...(widths && {colWidths: widths.map((content) => content + GAP), wordWrap: true}),
  })
  table.push(...rows.map((row) => row.map((cell, column) => breakable(cell, widths?.[column]))))
  return table.toString().replace(/[ \t]+$/gm, '')
}

/** The widest column gives way until all fit; no column breaks a word before every other has wrapped at its own. */
function fit(rows: readonly Cells[], available: number): number[] {
  const widest = (column: number, measure: (cell: string) => number) =>
    Math.max(...rows.map((row) => measure(row[column] ?? '')))
  const columns = [...(rows[0] ?? []).keys()]
  const widths = columns.map((column) => widest(column, visible))
  const words = columns.map((column) => Math.min(LONGEST_WORD, widest(column, longestWord)))
  const excess = () => widths.reduce((sum, width) => sum + width, 0) - available
  for (const floors of [words, words.map(() => 1)]) {
    while (excess() > 0) {
      const room = widths.map((width, column) => (width > (floors[column] ?? 1) ? width : 0))
      const column = room.indexOf(Math.max(...room))
      if (room[column] === 0) break
      widths[column] = (widths[column] ?? 1) - 1
    }
  }
  return widths
}

function longestWord(cell: string): number {
  return Math.max(...cell.split(' ').map(visible))
}

function visible(cell: string): number {
  return cell.replace(/\x1b\[[\d;]*m/g, '').length
}

/** cli-table3 wraps between words and cuts a word that is longer than its column: an address gets places to break at. */
function breakable(cell: string, width: number | undefined): string {
  if (width === undefined || visible(cell) <= width) return cell
  return cell.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'g'), '$& ')
}
