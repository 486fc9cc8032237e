import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import {isJsonObject} from '../config/layer.ts'
import {showProfile} from '../config/show-profile.ts'
import {UserError} from '../core/errors.ts'
import type {Report} from '../core/report.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {transportFlags} from '../flags/transport-flags.ts'

export default class Signaling extends AdHocCommand {
  static override summary = 'probe signaling with two clients of ours: match, offer and answer, round trips'
  static override examples = [
    '<%= config.bin %> signaling https://chat.example.org',
    '<%= config.bin %> signaling https://chat.example.org --count 100 --interval 20ms',
    '<%= config.bin %> signaling wss://chat.example.org --profile ./my-profile.yaml --frames --json',
  ]
  static override args = {
    url: Args.string({required: true, description: 'address of the server; the profile says how it is spoken to'}),
  }
  static override flags = {
    profile: Flags.string({
      helpGroup: 'REQUEST',
      char: 'p',
      default: 'video-chat',
      helpValue: 'NAME',
      summary: 'profile whose dialect is spoken: a built-in one, or a file',
    }),
    client: transportFlags.client,
    count: Flags.integer({helpGroup: 'PACE', char: 'n', default: 20, summary: 'how many round trips'}),
    interval: durationFlag({
      helpGroup: 'PACE',
      default: 50,
      defaultHelp: () => Promise.resolve('50ms'),
      summary: 'from one round trip to the next, whether or not answers came',
    }),
    frames: Flags.boolean({helpGroup: 'OUTPUT', summary: 'keep every message in the details of --json'}),
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Signaling)
    const auth = await readAuth(flags, process.env)
    const connection = await connectionInput(flags, args.url, process.env)
    const {count, interval, client, frames, profile} = flags
    const dialect = await dialectOf(profile)
    const options = {dialect, count, interval, client, frames, ...auth.options, ...connection.options}
    return this.probe(
      {probe: 'signaling', address: args.url, options, secrets: [...auth.secrets, ...connection.secrets]},
      flags,
    )
  }
}

async function dialectOf(profile: string): Promise<object> {
  const {dialect} = await showProfile(profile, process.cwd())
  if (!isJsonObject(dialect)) throw new UserError(`the profile ${profile} has no dialect`, 'see docs/configuration.md')
  return dialect
}
