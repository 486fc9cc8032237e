import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import {diffProfiles, type Change} from '../../config/diff-profiles.ts'

export default class ProfileDiff extends BaseCommand {
  static override summary = 'print what one profile says differently from another, or from the one that it extends'
  static override examples = [
    '<%= config.bin %> profile diff ./my-profile.yaml',
    '<%= config.bin %> profile diff video-chat chat-backend --json',
  ]
  static override args = {
    from: Args.string({required: true, description: 'name of a built-in profile, or a file'}),
    to: Args.string({description: 'the other one; without it FROM is compared with what it extends'}),
  }

  async run(): Promise<{schema: 1; changes: readonly Change[]}> {
    const {args} = await this.parse(ProfileDiff)
    const changes = await diffProfiles(args.from, args.to, process.cwd())
    for (const {path, from, to} of changes) {
      this.log(path.join('.'))
      if (from !== undefined) this.log(`  - ${JSON.stringify(from)}`)
      if (to !== undefined) this.log(`  + ${JSON.stringify(to)}`)
    }
    this.log(changes.length === 0 ? 'no difference' : `${changes.length} differences`)
    return {schema: 1, changes}
  }
}
