import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import {renderReport} from '../../drill-report.ts'
import {readDrillReport} from '../../drill/reports/read.ts'

export default class DrillReportCommand extends BaseCommand {
  static override summary = "render a drill's report again, from its report.json"
  static override description =
    'Writes report.html, report.md, junit.xml and series.json over those that are there. The verdicts are those of the drill: nothing is judged anew.'
  static override examples = ['<%= config.bin %> drill report reports/chat-backend-mixed-20261126-114500']
  static override args = {
    folder: Args.string({required: true, description: 'folder of the report'}),
  }

  async run(): Promise<{schema: 1; folder: string; files: readonly string[]}> {
    const {args} = await this.parse(DrillReportCommand)
    const files = await renderReport(await readDrillReport(args.folder), args.folder)
    this.log(`written: ${files.join(', ')} in ${args.folder}`)
    return {schema: 1, folder: args.folder, files}
  }
}
