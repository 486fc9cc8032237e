import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {calibrateMachine, type Calibrated} from '../../drill-calibrate.ts'
import {k6Of} from '../../flags/drill-run-flags.ts'

export default class DrillCalibrate extends BaseCommand {
  static override summary = 'what a load costs this machine, and how much it can drive'
  static override description = `k6 loads a server on this machine four times, for less than a minute in all: what a socket, a connect, a round trip and a request cost, with the least of dialects. "drill plan" and "drill run" reckon memory and cores by the result from then on.`
  static override examples = ['<%= config.bin %> drill calibrate', '<%= config.bin %> drill calibrate --json']
  static override flags = {
    k6: Flags.string({helpValue: 'FILE', summary: 'k6 to run (else PROBE_K6, else the one on PATH)'}),
  }

  async run(): Promise<Calibrated & {readonly schema: 1}> {
    const {flags} = await this.parse(DrillCalibrate)
    const calibrated = await calibrateMachine({
      k6: k6Of(flags, process.env),
      env: process.env,
      signal: this.interruptSignal(),
      onRun: (run, of) => {
        if (process.stderr.isTTY) process.stderr.write(`run ${run} of ${of}\n`)
      },
    })
    const {calibration, capacity, file} = calibrated
    const kilobytes = Math.round(calibration.socketBytes / 1000)
    this.log(
      [
        `k6 ${calibration.k6} on ${calibration.cores} cores`,
        `  a socket      ${kilobytes} kB, beside ${Math.round(calibration.baseBytes / 1e6)} MB of k6 itself`,
        `  a connect     ${calibration.connectCpuMs.toFixed(2)} ms of one core`,
        `  a round trip  ${calibration.roundTripCpuMs.toFixed(2)} ms of one core`,
        `  a request     ${calibration.requestCpuMs.toFixed(2)} ms of one core`,
        'this machine can drive, one at a time and with the headroom in which a generator is believed',
        `  ${capacity.sockets} sockets (${capacity.limitedBy} is the limit)`,
        `  ${capacity.connectsPerSecond} connects a second`,
        `  ${capacity.roundTripsPerSecond} round trips a second`,
        `  ${capacity.requestsPerSecond} requests a second`,
        `kept in ${file}`,
      ].join('\n'),
    )
    return {schema: 1, ...calibrated}
  }
}
