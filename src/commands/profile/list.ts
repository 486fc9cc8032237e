import {BaseCommand} from '../../base-command.ts'
import {listProfiles, type ProfileSummary} from '../../config/show-profile.ts'

export default class ProfileList extends BaseCommand {
  static override summary = 'list the built-in profiles: the documented systems'
  static override examples = ['<%= config.bin %> profile list', '<%= config.bin %> profile list --json']

  async run(): Promise<{schema: 1; profiles: readonly ProfileSummary[]}> {
    await this.parse(ProfileList)
    const profiles = await listProfiles()
    const width = Math.max(...profiles.map(({name}) => name.length))
    for (const {name, title, document} of profiles)
      this.log(`${name.padEnd(width)}  ${title}\n${' '.repeat(width)}  from "${document}"`)
    return {schema: 1, profiles}
  }
}
