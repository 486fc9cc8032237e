import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {listDrills, type DrillListing} from '../../drill/reports/list.ts'
import {reportsFlag} from '../../flags/reports-flag.ts'
import {terminal} from '../../flags/terminal.ts'
import {listCells, listHead, trendsOf} from '../../reporters/drill-list.ts'
import {printable} from '../../reporters/printable.ts'

export default class DrillList extends BaseCommand {
  static override summary = 'the drills whose reports are kept: when, what, how much, what came out'
  static override examples = [
    '<%= config.bin %> drill list',
    '<%= config.bin %> drill list --trend',
    '<%= config.bin %> drill list --reports /srv/drills --json',
  ]
  static override flags = {
    ...reportsFlag,
    trend: Flags.boolean({summary: 'each workload from drill to drill, the oldest first'}),
  }

  async run(): Promise<DrillListing & {readonly schema: 1}> {
    const {flags} = await this.parse(DrillList)
    const listing = await listDrills(flags.reports)
    if (!this.jsonEnabled()) await this.#print(printable(listing), flags)
    return {schema: 1, ...listing}
  }

  async #print({drills, unreadable}: DrillListing, {reports, trend}: {reports: string; trend: boolean}): Promise<void> {
    const {grid} = await import('../../reporters/table/grid.ts')
    const {color = false, unicode = true, width} = terminal()
    const options = {framed: color, unicode, width}
    if (drills.length === 0) this.log(`no drills below ${reports}`)
    else if (!trend) this.log(grid([...listHead], drills.map(listCells), options))
    else {
      for (const {title, head, rows, line} of trendsOf(drills, unicode)) {
        this.log([title, grid([...head], rows, options), line].filter((text) => text !== '').join('\n'))
      }
    }
    for (const {folder, why} of unreadable) this.logToStderr(`note: ${folder} is left out: ${why}`)
  }
}
