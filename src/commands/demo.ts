import {once} from 'node:events'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../base-command.ts'
import {loadPlan} from '../config/plan.ts'
import type {Report} from '../core/report.ts'
import {startDemo, type Demo as Target} from '../demo/demo.ts'
import {progress} from '../flags/progress.ts'
import {carryOut} from '../pipeline.ts'

export default class Demo extends BaseCommand {
  static override summary = 'start a small video chat on this machine and probe it with the default profile'
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --json',
    '<%= config.bin %> demo --serve',
  ]
  static override flags = {
    serve: Flags.boolean({summary: 'only start it, say how to probe it, and keep it until Ctrl-C'}),
  }

  async run(): Promise<Report | Pick<Target, 'config' | 'addresses'>> {
    const {flags} = await this.parse(Demo)
    const signal = this.interruptSignal()
    const target = await startDemo()
    try {
      return await (flags.serve ? this.serve(target, signal) : this.probe(target, signal))
    } finally {
      await target.close()
    }
  }

  private async probe({config}: Target, signal: AbortSignal): Promise<Report> {
    const plan = await loadPlan({flags: {config}, env: {}, cwd: process.cwd()})
    const told = progress(plan.checks)
    const {version} = this.config
    const conduct = {version, signal, timeoutMs: 60_000, concurrency: 4, strict: false, onAttempt: told.attempt}
    const report = await carryOut(plan, conduct)
    told.end()
    await this.conclude(report, {format: 'table'})
    return report
  }

  private async serve({config, addresses}: Target, signal: AbortSignal): Promise<Pick<Target, 'config' | 'addresses'>> {
    for (const [name, list] of Object.entries(addresses)) this.log(`${name}: ${list.join(' ')}`)
    this.log(`\nprobe it with: ${this.config.bin} run --config ${config}\nend it with Ctrl-C`)
    if (!signal.aborted) await once(signal, 'abort') // the servers keep the process alive
    return {config, addresses}
  }
}
