import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import type {DrillComparison} from '../../core/drill-comparison.ts'
import {comparisonCode} from '../../core/exit-code.ts'
import {compareDrills} from '../../drill/compare/compare.ts'
import {refuseOther} from '../../drill/compare/refuse-other.ts'
import {readDrillReport} from '../../drill/reports/read.ts'
import {criteriaFlags, criteriaOf} from '../../flags/compare-flags.ts'
import {terminal} from '../../flags/terminal.ts'
import {comparisonCells, comparisonHead, comparisonLines} from '../../reporters/comparison-lines.ts'
import {printable} from '../../reporters/printable.ts'

export default class DrillCompare extends BaseCommand {
  static override summary = 'hold a drill against an earlier one of the same workload'
  static override description = `Every promise by its quantile and by its share of good events, each with its 95 % interval. What the intervals do not tell apart is noise, and no regression.

Exit codes: 0 no regression, 1 a regression, 2 usage, or two drills that cannot be compared, 3 something was not measured in one of them.`
  static override examples = [
    '<%= config.bin %> drill compare reports/before reports/after',
    '<%= config.bin %> drill compare reports/before reports/after --max-regression 5% --json',
  ]
  static override args = {
    baseline: Args.string({required: true, description: 'folder of the earlier drill'}),
    current: Args.string({required: true, description: 'folder of the later one'}),
  }
  static override flags = criteriaFlags

  async run(): Promise<DrillComparison & {readonly schema: 1}> {
    const {args, flags} = await this.parse(DrillCompare)
    const [baseline, current] = [
      {report: await readDrillReport(args.baseline), folder: args.baseline},
      {report: await readDrillReport(args.current), folder: args.current},
    ]
    refuseOther(
      baseline.report.drill,
      current.report.drill,
      'compare two drills of the same profile, scenario and load',
    )
    const comparison = compareDrills({baseline, current}, criteriaOf(flags))
    this.exitWith(comparisonCode(comparison.outcome))
    if (!this.jsonEnabled()) await this.#print(printable(comparison))
    return {schema: 1, ...comparison}
  }

  async #print(comparison: DrillComparison): Promise<void> {
    const {grid} = await import('../../reporters/table/grid.ts')
    const {color = false, unicode = true, width} = terminal()
    this.log(grid([...comparisonHead], comparisonCells(comparison), {framed: color, unicode, width}))
    for (const line of comparisonLines(comparison)) this.log(line)
  }
}
