import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {resolveConfig} from '../../config/resolve-config.ts'
import {formatYaml} from '../../config/show.ts'
import {UserError} from '../../core/errors.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {alertmanagerConfig} from '../../slo/alertmanager.ts'

export default class SloRoutes extends BaseCommand {
  static override summary = "write Alertmanager's configuration for the documented routing of alerts"
  static override description =
    'Webhook addresses and keys are read by Alertmanager from files: slack-api-url and pagerduty-routing-key in --secrets.'
  static override examples = [
    '<%= config.bin %> slo routes --profile video-chat > alertmanager.yml',
    '<%= config.bin %> slo routes --profile nova --test-receiver http://prober.example.org:9095/',
    '<%= config.bin %> slo routes --profile colink --smarthost mail.example.org:587 --from alerts@example.org',
  ]
  static override flags = {
    ...configFlags,
    secrets: Flags.string({
      helpGroup: 'DELIVERY',
      helpValue: 'FOLDER',
      default: '/etc/alertmanager/secrets',
      summary: 'folder of the files with webhook address and keys, as Alertmanager sees it',
    }),
    smarthost: Flags.string({
      helpGroup: 'DELIVERY',
      helpValue: 'HOST:PORT',
      default: 'localhost:25',
      summary: 'mail server, where a receiver is told by e-mail',
    }),
    from: Flags.string({
      helpGroup: 'DELIVERY',
      helpValue: 'ADDRESS',
      default: 'alertmanager@localhost',
      summary: 'who the mails are from',
    }),
    'test-receiver': Flags.string({
      helpGroup: 'DELIVERY',
      helpValue: 'URL',
      summary: 'where `probe alert-path --receiver-port` waits: test alerts go there, and to nobody else',
    }),
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloRoutes)
    const {config} = await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    if (!config.routing) {
      throw new UserError(
        `expected \`routing\` in the profile ${config.name}, got none`,
        'say who hears of which alert',
      )
    }
    const testReceiver = flags['test-receiver']
    if (testReceiver !== undefined && !/^https?:\/\/\S+$/.test(testReceiver))
      throw new UserError(`--test-receiver: expected an http:// or https:// address, got "${testReceiver}"`)
    const document = alertmanagerConfig(config.routing, {...flags, testReceiver})
    this.log(formatYaml(document).trimEnd())
    return document
  }
}
