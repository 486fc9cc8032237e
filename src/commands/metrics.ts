import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import {loadContract} from '../config/contract.ts'
import type {Report} from '../core/report.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {countFlag} from '../flags/count-flag.ts'

export default class Metrics extends AdHocCommand {
  static override summary =
    'read a page of metrics, in the formats of Prometheus or in JSON, and hold it against a contract'
  static override description =
    'Without a profile it only has to be readable. With one, every family that the profile promises must be there with its type and labels, and the objectives that a page of metrics can decide are judged: counters by the difference of two reads (--count 2).'
  static override examples = [
    '<%= config.bin %> metrics http://localhost:9090/metrics',
    '<%= config.bin %> metrics http://localhost:3001/metrics --profile chat-backend --count 2 --interval 10s',
    '<%= config.bin %> metrics http://localhost:9100/metrics --format openmetrics --json',
  ]
  static override args = {url: Args.string({required: true, description: 'http:// or https:// address of the page'})}
  static override flags = {
    count: countFlag(),
    profile: Flags.string({char: 'p', helpValue: 'NAME', summary: 'whose promises it is held against'}),
    format: Flags.option({options: ['auto', 'prometheus', 'openmetrics', 'json'] as const, default: 'auto' as const})({
      helpGroup: 'REQUEST',
      summary: 'what to ask for; auto reads whatever comes',
    }),
    'max-series': Flags.integer({
      helpGroup: 'EXPECT',
      min: 1,
      default: 100,
      summary: 'more series of one promised family are told',
    }),
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Metrics)
    const auth = await readAuth(flags, process.env)
    const {contract, objectives} =
      flags.profile === undefined ? {contract: {}, objectives: []} : await loadContract(flags.profile, process.cwd())
    const way = await connectionInput(flags, args.url, process.env)
    const options = {
      format: flags.format,
      contract,
      maxSeries: flags['max-series'],
      ...auth.options,
      ...way.options,
    }
    const {url: address} = args
    return this.probe(
      {
        probe: 'metrics',
        address,
        options,
        objectives,
        secrets: [...auth.secrets, ...way.secrets],
        attempts: flags.count,
      },
      flags,
    )
  }
}
