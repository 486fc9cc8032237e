import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'
import type {DrillSettings} from '../drill-run.ts'
import {CPU_SHARE} from '../drill/gates.ts'
import {durationFlag} from './duration-flag.ts'

const run = {helpGroup: 'RUN'} as const
const verdict = {helpGroup: 'VERDICT'} as const
const generator = {helpGroup: 'K6'} as const

const shareFlag = Flags.custom<number>({
  parse(text, _context, {name}) {
    const share = Number(text)
    if (!(share > 0 && share <= 1)) throw new UserError(`--${name}: expected a number from 0 to 1, got "${text}"`)
    return Promise.resolve(share)
  },
})

/** How a drill is run, judged and kept. */
export const drillRunFlags = {
  yes: Flags.boolean({...run, char: 'y', summary: 'load a system beyond this machine without asking'}),
  out: Flags.string({
    ...run,
    char: 'o',
    helpValue: 'FOLDER',
    summary: 'folder of the report, which must not exist (default: one below reports/)',
  }),
  'canary-every': durationFlag({
    ...run,
    min: 1000,
    default: 5000,
    defaultHelp: () => Promise.resolve('5s'),
    summary: "how often the profile's checks run beside the load",
  }),
  'kill-file': Flags.string({
    ...run,
    helpValue: 'FILE',
    default: 'reports/STOP',
    summary: 'a file that ends the drill as soon as it is there',
  }),
  strict: Flags.boolean({...verdict, summary: 'too few events make a verdict inconclusive'}),
  'limiter-is-fault': Flags.boolean({
    ...verdict,
    summary: 'a refusal by a rate limit (429) is a fault of the target, and no reason for doubt',
  }),
  'max-lag': durationFlag({
    ...verdict,
    min: 1,
    summary:
      'how late the generator may run (p99) before nobody believes it (default: a tenth of the tightest limit, at most 50ms)',
  }),
  'max-cpu': shareFlag({
    ...verdict,
    helpValue: 'SHARE',
    default: CPU_SHARE,
    summary: 'part of all cores that k6 may use before nobody believes it',
  }),
  k6: Flags.string({...generator, helpValue: 'FILE', summary: 'k6 to run (else PROBE_K6, else the one on PATH)'}),
  'k6-out': Flags.string({
    ...generator,
    multiple: true,
    helpValue: 'OUTPUT',
    summary: 'one more output of k6, such as experimental-prometheus-rw; its K6_ variables are passed on',
  }),
  'k6-arg': Flags.string({
    ...generator,
    multiple: true,
    helpValue: '--OPTION=VALUE',
    summary: 'one more argument of k6, such as --local-ips=10.0.0.0/28',
  }),
}

interface ParsedFlags {
  readonly out?: string | undefined
  readonly 'canary-every': number
  readonly 'kill-file': string
  readonly strict: boolean
  readonly 'limiter-is-fault': boolean
  readonly 'max-lag': number | undefined
  readonly 'max-cpu': number
  readonly k6?: string | undefined
  readonly 'k6-out'?: readonly string[] | undefined
  readonly 'k6-arg'?: readonly string[] | undefined
}

type FlagSettings = Pick<
  DrillSettings,
  'out' | 'canaryEveryMs' | 'killFile' | 'strict' | 'limiterIsFault' | 'gates' | 'k6' | 'outputs' | 'extra'
>

export function settingsOf(flags: ParsedFlags, env: NodeJS.ProcessEnv): FlagSettings {
  const lagMs = flags['max-lag']
  return {
    out: flags.out,
    canaryEveryMs: flags['canary-every'],
    killFile: flags['kill-file'],
    strict: flags.strict,
    limiterIsFault: flags['limiter-is-fault'],
    gates: {cpu: flags['max-cpu'], ...(lagMs !== undefined && {lagMs})},
    k6: k6Of(flags, env),
    outputs: flags['k6-out'] ?? [],
    extra: flags['k6-arg'] ?? [],
  }
}

/** An empty variable is one that is not set. */
export function k6Of({k6}: {readonly k6?: string | undefined}, env: NodeJS.ProcessEnv): string | undefined {
  return k6 ?? (env.PROBE_K6 === '' ? undefined : env.PROBE_K6)
}
