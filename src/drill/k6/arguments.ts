import {UserError} from '../../core/errors.ts'

export interface K6Arguments {
  readonly script: string
  /** Of its REST server: "127.0.0.1:6565". */
  readonly address: string
  readonly record: string
  /** Outputs and arguments of the user's own, passed through. */
  readonly outputs: readonly string[]
  readonly extra: readonly string[]
}

/** The command line of k6. */
export function k6Arguments({script, address, record, outputs, extra}: K6Arguments): string[] {
  return [
    'run',
    '--quiet',
    '--no-color',
    '--log-format=json',
    `--address=${address}`,
    `--out=web-dashboard=host=127.0.0.1&port=0&period=1s&record=${record}`,
    ...outputs.map((output) => `--out=${output}`),
    ...extra,
    script,
  ]
}

/** What would make k6 do another load than the plan's, or keep it from telling us of it. */
const OURS =
  /^(-[acdeiqsuwx]|--(address|log-(format|output)|quiet|no-color|vus|duration|iterations|stage|scenario|summary-export|summary-mode|no-summary|no-thresholds|no-setup|no-teardown|paused|execution-segment(-sequence)?|config|env|linger|system-tags|summary-trend-stats))(=|$)/

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
