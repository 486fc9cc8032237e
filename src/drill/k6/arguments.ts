import {UserError} from '../../core/errors.ts'
import type {Segment} from '../side-by-side.ts'
import {recordPeriodMs} from './record.ts'

export interface K6Arguments {
  readonly script: string
  /** Of its REST server: "127.0.0.1:6565". */
  readonly address: string
  readonly record: string
  /** Of the load. */
  readonly durationMs: number
  /** Outputs and arguments of the user's own, passed through. */
  readonly outputs: readonly string[]
  readonly extra: readonly string[]
  readonly segment?: Segment | undefined
}

/** The command line of k6. */
export function k6Arguments({script, address, record, durationMs, outputs, extra, segment}: K6Arguments): string[] {
  return [
    'run',
    '--quiet',
    '--no-color',
    '--log-format=json',
    `--address=${address}`,
    `--out=web-dashboard=host=127.0.0.1&port=0&period=${recordPeriodMs(durationMs)}ms&record=${record}`,
    ...outputs.map((output) => `--out=${output}`),
    ...extra,
    ...(segment ? segmentArguments(segment) : []),
    script,
  ]
}

/**
 * k6 shares out virtual users, iterations and rates by these, so that the parts of all together are the whole. The tag
 * keeps their series apart in its outputs: Prometheus refuses a second sample of the same series and second.
 */
function segmentArguments({index, of}: Segment): string[] {
  const at = (n: number) => (n === 0 ? '0' : n === of ? '1' : `${n}/${of}`)
  const sequence = Array.from({length: of + 1}, (_, n) => at(n)).join()
  return [
    `--execution-segment=${at(index)}:${at(index + 1)}`,
    `--execution-segment-sequence=${sequence}`,
    `--tag=process=${index + 1}`,
  ]
}

/** What would make k6 do another load than the plan's, or keep it from telling us of it. */
const OURS =
  /^(-[acdeiqsuwx]|--(address|log-(format|output)|quiet|no-color|vus|duration|iterations|stage|scenario|summary-export|summary-mode|no-summary|no-thresholds|no-setup|no-teardown|paused|execution-segment(-sequence)?|config|env|linger|system-tags|summary-trend-stats|summary-time-unit|new-machine-readable-summary|console-output|throw|rps|batch|batch-per-host|min-iteration-duration|no-connection-reuse|no-vu-connection-reuse|compatibility-mode))(=|$)/

/** Refuses arguments that the drill sets itself. Throws UserError. */
export function refuseOwnArguments(extra: readonly string[]): void {
  for (const argument of extra) {
    if (!argument.startsWith('-')) {
      throw new UserError(
        `--k6-arg: expected an option of k6 with its value, such as --local-ips=10.0.0.0/28, got "${argument}"`,
      )
    }
    if (OURS.test(argument)) throw new UserError(`--k6-arg: ${argument} is set by the drill itself`)
  }
}
