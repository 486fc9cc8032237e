import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import {causeOf} from '../config/alert-cause.ts'
import {resolveConfig} from '../config/resolve-config.ts'
import {UserError} from '../core/errors.ts'
import type {Report} from '../core/report.ts'
import {refuseUnlisted} from '../drill/allowed.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {configFlags, configFlagsOf} from '../flags/config-flags.ts'
import {countFlag} from '../flags/count-flag.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {tlsFlags, tlsOptionsOf} from '../flags/tls-flags.ts'
import {alertName} from '../slo/rules/alerting-rule.ts'

export default class AlertPath extends AdHocCommand {
  static override summary = 'see an alert through Alertmanager to its receiver, and resolve it'
  static override description = `Sends an alert of its own name and sees it become active. With --receiver-port it waits as a webhook receiver for the notification, too, and for the one that it is resolved; \`probe slo routes --test-receiver URL\` writes the route for that.

With --cause the alert is not sent: the condition that the profile documents (\`alert_path\`) is brought about at a bounded rate, and a rule of Prometheus has to fire. Its requests go to this machine, or to a host that \`drill: {allow: […]}\` in probe.yaml lists.`
  static override examples = [
    '<%= config.bin %> alert-path http://localhost:9093',
    '<%= config.bin %> alert-path http://localhost:9093 --receiver-port 9095 --label severity=critical',
    '<%= config.bin %> alert-path http://localhost:9093 --cause --profile bambisleep --target app=http://localhost:3000',
  ]
  static override args = {
    url: Args.string({required: true, description: 'http:// or https:// address of Alertmanager'}),
  }
  static override flags = {
    count: countFlag(),
    label: Flags.string({
      helpGroup: 'ALERT',
      helpValue: 'NAME=VALUE',
      multiple: true,
      summary: 'label of the alert, by which it is routed',
    }),
    'receiver-port': Flags.integer({
      helpGroup: 'ALERT',
      min: 1,
      max: 65_535,
      summary: 'wait for the notification on this port, as a webhook receiver',
    }),
    'receiver-host': Flags.string({helpGroup: 'ALERT', default: '127.0.0.1', summary: 'address that it listens on'}),
    fire: durationFlag({
      helpGroup: 'PACE',
      min: 1,
      default: 120_000,
      defaultHelp: () => Promise.resolve('2m'),
      summary: 'how long it may take until Alertmanager has the alert',
    }),
    arrive: durationFlag({
      helpGroup: 'PACE',
      min: 1,
      default: 60_000,
      defaultHelp: () => Promise.resolve('1m'),
      summary: 'how long a notification may take',
    }),
    cause: Flags.boolean({helpGroup: 'CAUSE', summary: "bring about the profile's documented condition"}),
    rate: Flags.integer({
      helpGroup: 'CAUSE',
      dependsOn: ['cause'],
      min: 1,
      max: 100,
      summary: 'requests a second (default: 10)',
    }),
    ...configFlags,
    ...authFlags,
    ...tlsFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(AlertPath)
    const auth = await readAuth(flags, process.env)
    const options = {
      fire: flags.fire,
      arrive: flags.arrive,
      labels: labelsOf(flags.label ?? []),
      receiverHost: flags['receiver-host'],
      ...(flags['receiver-port'] !== undefined && {receiverPort: flags['receiver-port']}),
      ...(flags.cause && (await this.#caused(flags))),
      ...auth.options,
      ...(await tlsOptionsOf(flags)),
    }
    return this.probe(
      {probe: 'alert-path', address: args.url, options, secrets: auth.secrets, attempts: flags.count},
      flags,
    )
  }

  async #caused(flags: Parameters<typeof configFlagsOf>[0] & {readonly rate?: number | undefined}): Promise<object> {
    const {config} = await resolveConfig({flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()})
    const {objective, cause} = causeOf(config)
    refuseUnlisted([{address: cause.url}], config.drill.allow)
    return {alert: alertName(objective), cause: {...cause, ...(flags.rate !== undefined && {rate: flags.rate})}}
  }
}

function labelsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
      if (name === undefined || value === undefined)
        throw new UserError('--label: expected NAME=VALUE, such as severity=critical')
      return [name, value]
    }),
  )
}
