import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {redirectsFlag} from '../flags/redirects-flag.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {countFlag} from '../flags/count-flag.ts'

export default class Http extends AdHocCommand {
  static override summary = 'probe one HTTP address: resolve, connect, TLS, processing, transfer'
  static override examples = [
    '<%= config.bin %> http https://chat.example.org/health',
    '<%= config.bin %> http https://chat.example.org/health --status 200 --body ok --count 5',
    "<%= config.bin %> http https://chat.example.org/me -H 'Authorization: Bearer ${TOKEN}' --json",
  ]
  static override args = {url: Args.string({required: true, description: 'http:// or https:// address'})}
  static override flags = {
    count: countFlag(),
    method: Flags.string({helpGroup: 'REQUEST', default: 'GET', summary: 'request method'}),
    status: Flags.string({
      helpGroup: 'EXPECT',
      multiple: true,
      helpValue: 'CODE',
      summary: 'accepted status, as 200 or 2xx',
    }),
    body: Flags.string({helpGroup: 'EXPECT', helpValue: 'PATTERN', summary: 'pattern that the body must hold (RE2)'}),
    redirects: redirectsFlag,
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Http)
    const auth = await readAuth(flags, process.env)
    const connection = await connectionInput(flags, args.url, process.env)
    const {status, body, method, redirects} = flags
    const expect = {...(status && {status: status.map(numeric)}), ...(body && {body})}
    const options = {method, redirects, expect, ...auth.options, ...connection.options}
    return this.probe(
      {
        probe: 'http',
        address: args.url,
        options,
        secrets: [...auth.secrets, ...connection.secrets],
        attempts: flags.count,
      },
      flags,
    )
  }
}

function numeric(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text
}
