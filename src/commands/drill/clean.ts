import * as Flags from '@oclif/core/flags'
import {join} from 'node:path'
import {BaseCommand} from '../../base-command.ts'
import {UserError} from '../../core/errors.ts'
import {doomedOf, removeDrill} from '../../drill/reports/clean.ts'
import {listDrills} from '../../drill/reports/list.ts'
import {durationFlag} from '../../flags/duration-flag.ts'
import {reportsFlag} from '../../flags/reports-flag.ts'

const YEARS_MS = 10 * 366 * 86_400_000

interface Cleaned {
  readonly schema: 1
  readonly removed: boolean
  readonly drills: readonly string[]
  /** Folders that stay for what else lies in them. */
  readonly kept: Readonly<Record<string, readonly string[]>>
}

export default class DrillClean extends BaseCommand {
  static override summary = 'remove the reports of old drills; without --yes, say which'
  static override description =
    'Only what a drill has written is removed: a folder without its report, a link, and every other file are left alone. Of each profile, instance and scenario the last drill that passed stays as the baseline of the next.'
  static override examples = [
    '<%= config.bin %> drill clean --keep 10',
    '<%= config.bin %> drill clean --older-than 365d --yes',
  ]
  static override flags = {
    ...reportsFlag,
    keep: Flags.integer({min: 0, helpValue: 'N', summary: 'so many of the newest of each kind stay'}),
    'older-than': durationFlag({longest: YEARS_MS, summary: 'only what is older goes'}),
    yes: Flags.boolean({char: 'y', summary: 'do remove them'}),
  }

  async run(): Promise<Cleaned> {
    const {flags} = await this.parse(DrillClean)
    const {keep, reports, yes, 'older-than': olderThanMs} = flags
    if (keep === undefined && olderThanMs === undefined) {
      throw new UserError('expected --keep N or --older-than DURATION, got neither', 'for example: --keep 10')
    }
    const {drills} = await listDrills(reports)
    const doomed = doomedOf(drills, {keep, olderThanMs, now: Date.now()}).map(({folder}) => folder)
    const kept: Record<string, readonly string[]> = {}
    for (const folder of doomed) {
      const others = yes ? await removeDrill(join(reports, folder)) : []
      if (others.length > 0) kept[folder] = others
      this.log(
        `${yes ? 'removed' : 'would remove'} ${join(reports, folder)}${others.length > 0 ? `, but for ${others.join(', ')}` : ''}`,
      )
    }
    this.log(
      `${doomed.length} of ${drills.length} drills${yes || doomed.length === 0 ? '' : '; nothing was removed: add --yes'}`,
    )
    return {schema: 1, removed: yes, drills: doomed, kept}
  }
}
