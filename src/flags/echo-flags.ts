import * as Flags from '@oclif/core/flags'

const group = {helpGroup: 'ECHO'} as const

/** What is sent through a relay: how many packets or how long, how fast, how large. The probe's schema knows the bounds. */
export const echoFlags = {
  packets: Flags.integer({
    ...group,
    helpValue: 'N',
    summary: 'how many packets to send through the relay (50)',
    exclusive: ['duration'],
  }),
  duration: Flags.string({...group, helpValue: 'DURATION', summary: 'how long to send, in place of --packets'}),
  rate: Flags.integer({...group, helpValue: 'N', summary: 'packets a second (50)'}),
  size: Flags.integer({...group, helpValue: 'BYTES', summary: 'size of a packet (160)'}),
  throughput: Flags.integer({
    ...group,
    helpValue: 'MBITS',
    summary: 'also find how many Mbit/s go through the relay, up to this many',
  }),
  'no-echo': Flags.boolean({...group, summary: 'stop after the allocation'}),
}

interface EchoFlags {
  readonly packets?: number | undefined
  readonly duration?: string | undefined
  readonly rate?: number | undefined
  readonly size?: number | undefined
  readonly throughput?: number | undefined
  readonly 'no-echo'?: boolean | undefined
}

/** The options that were given; the probe knows the others. */
export function echoOf({packets, duration, rate, size, throughput, 'no-echo': noEcho}: EchoFlags): object {
  const given = Object.entries({packets, duration, rate, size, throughput}).filter(([, value]) => value !== undefined)
  return {...Object.fromEntries(given), ...(noEcho && {echo: false})}
}
