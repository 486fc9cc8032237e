import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../base-command.ts'
import {showProfile} from '../../config/show-profile.ts'
import {formatYaml} from '../../config/show.ts'

export default class ProfileShow extends BaseCommand {
  static override summary =
    'print all that a profile says: checks, objectives, dialect, runbooks, and where its document errs'
  static override examples = [
    '<%= config.bin %> profile show video-chat',
    '<%= config.bin %> profile show ./my-profile.yaml --json',
  ]
  static override args = {
    profile: Args.string({default: 'video-chat', description: 'name of a built-in profile, or a file'}),
  }

  async run(): Promise<object> {
    const {args} = await this.parse(ProfileShow)
    const profile = await showProfile(args.profile, process.cwd())
    this.log(formatYaml(profile).trimEnd())
    return profile
  }
}
