import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {formatYaml} from '../../config/show.ts'
import {UserError} from '../../core/errors.ts'
import {configFlags, configFlagsOf} from '../../flags/config-flags.ts'
import {durationFlag} from '../../flags/duration-flag.ts'
import {loadSloProfile, scrapeInterval} from '../../slo-profile.ts'
import {ruleDocuments, ruleFormats} from '../../slo/formats/index.ts'

export default class SloRules extends BaseCommand {
  static override summary =
    'write recording and alerting rules: the documented alerts, error budgets, and the probe watched'
  static override description =
    'Alerts carry their severity as a label, a summary, and the runbook; --runbook-url says where runbooks are read.'
  static override examples = [
    '<%= config.bin %> slo rules --profile video-chat > video-chat.rules.yml',
    "<%= config.bin %> slo rules --profile nova --runbook-url 'https://wiki.example.org/{profile}/{runbook}' --every 1m",
    '<%= config.bin %> slo rules --profile colink --format operator',
  ]
  static override flags = {
    ...configFlags,
    format: Flags.option({options: ruleFormats, default: 'prometheus' as const})({
      char: 'f',
      helpGroup: 'OUTPUT',
      summary: 'for whom: prometheus and operator have all rules, sloth, pyrra and openslo the error budgets',
    }),
    every: durationFlag({
      helpGroup: 'RULES',
      min: 1000,
      default: 300_000,
      defaultHelp: () => Promise.resolve('5m'),
      summary: 'how often `probe run` runs: from it come the windows of the alerts on what it pushes',
    }),
    'runbook-url': Flags.string({
      helpGroup: 'RULES',
      helpValue: 'TEMPLATE',
      summary: 'where runbooks are read, with {profile} and {runbook}',
    }),
  }

  async run(): Promise<object> {
    const {flags} = await this.parse(SloRules)
    const request = {flags: configFlagsOf(flags), env: process.env, cwd: process.cwd()}
    const {config, objectives} = await loadSloProfile(request)
    const {name, alerts, recording_rules: recordings} = config
    const source = {name, alerts, recordings, objectives, stepMs: scrapeInterval(config)}
    const settings = {everyMs: flags.every, runbookUrl: flags['runbook-url']}
    const {documents, leftOut} = ruleDocuments(flags.format, source, settings)
    if (documents.length === 0) {
      throw new UserError(
        `expected a promise with an error budget that Prometheus can follow, got none in ${config.name}`,
        `--format ${flags.format} is for error budgets; --format prometheus has the alerts`,
      )
    }
    for (const id of leftOut) this.logToStderr(`left out: ${id}, for which ${flags.format} has no indicator`)
    this.log(
      documents
        .map((document) => formatYaml(document))
        .join('---\n')
        .trimEnd(),
    )
    return documents.length === 1 ? (documents[0] ?? {}) : documents
  }
}
