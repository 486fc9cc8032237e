import {config, type ZodType} from 'zod'
import type {Event, Owed} from '../core/event.ts'
import type {Json} from '../core/json.ts'
import type {Fact} from '../core/result.ts'

config({jitless: true}) // options are parsed a few times each: to compile a parser for every object costs more

/** One address that is probed. */
export interface Target {
  /** As the user gave it: a URL, or a `turn:`, `turns:`, `stun:`, `stuns:` URI. May hold secrets. */
  readonly address: string
  /** The same as it may be shown. */
  readonly display: string
  /** Only this address family; without it the resolver's first answer counts (no happy eyeballs). */
  readonly family?: 4 | 6
}

/** What travels: a frame of a WebSocket, or a request over HTTP and its answer. */
export interface WireFrame {
  readonly direction: 'sent' | 'received'
  readonly kind: 'text' | 'binary' | 'ping' | 'pong' | 'close' | 'http'
  readonly data: string
}
export type Wire = (frame: WireFrame) => void

/** What a probe tells while it works. The runner owns the clock, the deadline and the phases' ends. */
export interface Trace {
  /** Names the attempt in what it sends, so that a server's log can be searched for it. */
  readonly id: string
  /** Aborts at the attempt's deadline and at Ctrl-C. Every wait of a probe ends with it. */
  readonly signal: AbortSignal
  /** Monotonic milliseconds, with fractions. */
  now(): number
  /** Epoch milliseconds, for protocols that carry the time of day. */
  wallClock(): number
  /** Ends the current phase and begins the named one. A phase that is begun again goes on adding up. */
  phase(name: string): void
  /** Begins a last phase that only gives back what was taken: what was measured stands, even if the deadline comes now. */
  tidyUp(phase: string): void
  /** Says why a phase will not happen although it could have: "the server forbids loopback peers". */
  skip(phase: string, why: string): void
  event(event: Event): void
  fact(name: string, value: Fact): void
  /** A finding of the probe's own shape, for `--json` and for reporters that know it. */
  detail(name: string, value: Json): void
  /** Is told of all that travels, where somebody wants to see it. */
  readonly wire?: Wire
  /** Masks a value that the probe made from a secret (a minted password) wherever it would show. */
  secret(value: string): void
}

/** One attempt. Resolves when the target behaved, throws a ProbeFailure (or a socket's own error) when it did not. */
export type Attempt<Options> = (target: Target, options: Options, trace: Trace) => Promise<void>

/** What is known of a kind of check without loading what it is made of. */
export interface ProbeSpec<Options> {
  readonly name: string
  /** One line for help texts. */
  readonly summary: string
  /** Every phase an attempt can have, in order. Those not reached are reported as skipped, with 0 ms. */
  readonly phases: readonly string[]
  readonly options: ZodType<Options>
  /** Why an address is none for this probe: "expected a turn: or turns: URI, got …". Null when it is fine. */
  reject(address: string): string | null
  /** How many events of each indicator one attempt delivers. */
  owes(options: Options): Owed
  /** Longest time that one attempt takes by its options alone (a timetable's length), added to the time-out. */
  takesMs?(options: Options): number
  /** Burns CPU: runs in a child process, never inside another check's latency window. */
  readonly heavy?: boolean
  /** What an attempt is made of. It may depend on the options: this brings no more than they need. */
  readonly load: (options: Options) => Promise<Attempt<Options>>
}

/** A kind of check with its options hidden, so that all kinds fit one registry. */
export interface Probe extends Required<Omit<ProbeSpec<unknown>, 'heavy' | 'load'>>, Pick<ProbeSpec<unknown>, 'heavy'> {
  /** Parses options (throws ZodError) and loads the implementation, so that loading is in nobody's measurement. */
  configure(options: unknown): Promise<ConfiguredProbe>
}

export interface ConfiguredProbe {
  readonly phases: readonly string[]
  readonly owes: Owed
  readonly takesMs: number
  attempt(target: Target, trace: Trace): Promise<void>
}

export function defineProbe<Options>({load, ...spec}: ProbeSpec<Options>): Probe {
  return {
    ...spec,
    owes: (input) => spec.owes(spec.options.parse(input)),
    takesMs: (input) => spec.takesMs?.(spec.options.parse(input)) ?? 0,
    async configure(input) {
      const options = spec.options.parse(input)
      const attempt = await load(options)
      return {
        phases: spec.phases,
        owes: spec.owes(options),
        takesMs: spec.takesMs?.(options) ?? 0,
        attempt: (target, trace) => attempt(target, options, trace),
      }
    },
  }
}
