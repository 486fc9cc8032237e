import {BaseCommand} from '../../base-command.ts'
import {listDialects, type DialectSummary} from '../../config/show-dialect.ts'

export default class DialectList extends BaseCommand {
  static override summary = 'list the ready dialects: the signaling servers that can be spoken to without writing one'
  static override examples = ['<%= config.bin %> dialect list', '<%= config.bin %> dialect list --json']

  async run(): Promise<{schema: 1; dialects: readonly DialectSummary[]}> {
    await this.parse(DialectList)
    const dialects = await listDialects()
    const width = Math.max(...dialects.map(({name}) => name.length))
    for (const {name, title} of dialects) this.log(`${name.padEnd(width)}  ${title}`)
    return {schema: 1, dialects}
  }
}
