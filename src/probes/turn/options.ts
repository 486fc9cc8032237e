import {z} from 'zod'
import {connectToOption} from '../connect-to-option.ts'
import {dnsOptions} from '../dns-options.ts'
import {duration} from '../duration-option.ts'
import type {ProbeSpec} from '../probe.ts'
import {parseTurnUri, rejected} from '../stun/uri.ts'
import {relayPhases} from './phases.ts'
import {tlsOptions} from '../tls-options.ts'
import {credentialsOption} from './credentials-option.ts'
import {SMALLEST_PACKET} from './echo-packet.ts'
import {echoPlan} from './echo-plan.ts'
import {AGAIN_MS, WAY_MS} from './matrix/limits.ts'
import {CLIMB_MS, LARGEST_PACKET} from './throughput-plan.ts'

/** Permissions last 300 s (RFC 8656 section 9), and the echo does not renew them. */
const LONGEST_ECHO_MS = 240_000
const MOST_PACKETS = 20_000

export const turnOptions = z
  .strictObject({
    credentials: credentialsOption.optional().describe('what the server wants to know us by'),
    relayFamily: z
      .literal([4, 6])
      .optional()
      .describe('IP version of the relayed address; without it the server chooses, which means 4 nearly everywhere'),
    redirects: z.int().min(0).max(10).default(3).describe('how many alternate servers (300) are followed'),
    matrix: z
      .array(z.string().superRefine(isTurnUri))
      .optional()
      .describe('try every transport and address of the target, and of these URIs, side by side; without an echo'),
    echo: z.boolean().default(true).describe('also send packets from one relayed address to another and back'),
    packets: z.int().min(1).max(MOST_PACKETS).optional().describe('how many packets the echo sends, 50 by itself'),
    duration: duration()
      .refine((ms) => ms >= 1 && ms <= LONGEST_ECHO_MS, {error: 'expected a duration from 1ms to 4m'})
      .optional()
      .describe('how long the echo sends, in place of `packets`'),
    interval: duration()
      .refine((ms) => ms >= 1, {error: 'expected at least 1ms'})
      .optional()
      .describe('time from one packet to the next, 20ms by itself; some servers lose what comes faster'),
    rate: z.number().min(1).max(1000).optional().describe('packets a second, in place of `interval`'),
    size: z
      .int()
      .min(SMALLEST_PACKET)
      .max(LARGEST_PACKET)
      .default(160)
      .describe('bytes of each packet: 160 is 20 ms of G.711 speech'),
    throughput: z
      .number()
      .min(1)
      .max(1000)
      .optional()
      .describe('also find how many Mbit/s go through the relay one way, up to this many; it takes 4s at most'),
    connectTo: connectToOption,
    ...dnsOptions,
    ...tlsOptions,
  })
  .refine(({packets, duration}) => packets === undefined || duration === undefined, {
    path: ['duration'],
    error: 'expected packets or duration, got both',
  })
  .refine(({throughput, echo}) => throughput === undefined || echo, {
    path: ['throughput'],
    error: 'expected an echo where throughput is measured',
  })
  .refine(({rate, interval}) => rate === undefined || interval === undefined, {
    path: ['rate'],
    error: 'expected rate or interval, got both',
  })
  .refine((options) => lastsMs(options) <= LONGEST_ECHO_MS, {
    path: ['packets'],
    error: 'expected packets that take 4m at most',
    when: isSoundSoFar,
  })
  .refine((options) => echoPlan(options).packets <= MOST_PACKETS, {
    path: ['duration'],
    error: `expected at most ${MOST_PACKETS} packets in that time at that rate`,
    when: isSoundSoFar,
  })

function isTurnUri(address: string, context: z.RefinementCtx): void {
  const wrong = rejected(address, parseTurnUri)
  if (wrong !== null) context.addIssue({code: 'custom', message: wrong})
}

/** What is already wrong by itself needs no second complaint. */
function isSoundSoFar({issues}: {readonly issues: readonly unknown[]}): boolean {
  return issues.length === 0
}

function lastsMs(options: Parameters<typeof echoPlan>[0]): number {
  const {packets, intervalMs} = echoPlan(options)
  return packets * intervalMs
}

export type TurnOptions = z.infer<typeof turnOptions>

export const turnSpec: ProbeSpec<TurnOptions> = {
  name: 'turn',
  summary: 'allocate a relayed address on a TURN server, and send packets through it',
  phases: [...relayPhases, 'echo', 'throughput', 'release'],
  options: turnOptions,
  reject: (address) => rejected(address, parseTurnUri),
  owes: (options) => {
    if (options.matrix) return {}
    return {turn_allocation: 1, ...(options.echo && {turn_echo: echoPlan(options).packets})}
  },
  takesMs: (options) => {
    if (options.matrix) return WAY_MS + AGAIN_MS
    return options.echo ? lastsMs(options) + (options.throughput === undefined ? 0 : CLIMB_MS) : 0
  },
  load: async () => (await import('./turn.ts')).turn,
}
