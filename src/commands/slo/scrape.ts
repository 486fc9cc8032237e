import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {resolveConfig} from '../../config/resolve-config.ts'
import {formatYaml} from '../../config/show.ts'
import {UserError} from '../../core/errors.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {prometheusConfig} from '../../slo/prometheus-config.ts'

const server = (name: string, port: number) =>
  Flags.string({
    helpGroup: 'SERVERS',
    helpValue: 'HOST:PORT',
    default: `localhost:${port}`,
    summary: `where ${name} answers`,
  })

export default class SloScrape extends BaseCommand {
  static override summary =
    "write Prometheus' configuration: the documented jobs, the monitoring itself, and what is pushed"
  static override description = 'It expects the rules of `probe slo rules` beside it, as rules.yml.'
  static override examples = [
    '<%= config.bin %> slo scrape --profile video-chat > prometheus.yml',
    '<%= config.bin %> slo scrape --profile colink --pushgateway push.example.org:9091',
  ]
  static override flags = {
    ...configFlags,
    prometheus: server('Prometheus itself', 9090),
    alertmanager: server('Alertmanager', 9093),
    pushgateway: server('the Pushgateway', 9091),
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloScrape)
    const {config} = await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const {name, scrape} = config
    if (!scrape)
      throw new UserError(`expected \`scrape\` in the profile ${name}, got none`, 'say how its Prometheus collects')
    const document = prometheusConfig(scrape, flags)
    this.log(formatYaml(document).trimEnd())
    return document
  }
}
