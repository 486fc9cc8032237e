import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {UserError} from './core/errors.ts'
import type {Json} from './core/json.ts'
import type {Report} from './core/report.ts'
import {loadReporter, type ReporterName} from './reporters/index.ts'
import {jsonText} from './reporters/json-text.ts'

/** What is written beside `report.json`, by what makes it. */
const files: Readonly<Record<string, ReporterName>> = {
  'report.html': 'html',
  'report.md': 'markdown',
  'junit.xml': 'junit',
}

/** Writes a report in all its forms. */
export async function writeReport(report: Report, folder: string): Promise<void> {
  await writeFile(join(folder, 'report.json'), `${(await loadReporter('json'))(report)}\n`)
  await renderReport(report, folder)
}

/** Writes all that comes of `report.json`, over what is there. Returns the names of the files. */
export async function renderReport(report: Report, folder: string): Promise<string[]> {
  const written: string[] = []
  for (const [file, name] of Object.entries(files)) {
    await write(join(folder, file), (await loadReporter(name))(report))
    written.push(file)
  }
  await write(join(folder, 'series.json'), seriesText(report))
  return [...written, 'series.json']
}

/** On one line, with its members in the order of `report.json`: the same report gives the same bytes. */
function seriesText({drill}: Report): string {
  return JSON.stringify(JSON.parse(jsonText((drill?.series ?? []) as unknown as Json)))
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, `${text}\n`)
  } catch (cause) {
    const {code = 'unknown error'} = cause as NodeJS.ErrnoException
    throw new UserError(`${file} cannot be written (${code})`, undefined, {cause})
  }
}
