import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {countFlag} from '../flags/count-flag.ts'
import {dialectFlags, readDialect} from '../flags/dialect-flags.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {tlsOptionsOf} from '../flags/tls-flags.ts'
import {traceFlag} from '../flags/trace-flag.ts'
import {turnFlagsBeside, turnInput} from '../flags/turn-flags.ts'
import {policies} from '../probes/webrtc/policy.ts'
import {wireTrace} from '../reporters/wire-trace.ts'

export default class Call extends AdHocCommand {
  static override summary = 'call from client to client: signaling, ICE, DTLS, data channel, sound and picture'
  static override description =
    'Two clients of ours are matched through the real signaling of the profile, exchange offer, answer and candidates, connect, echo messages, send sound and picture both ways and hang up. Each stage is timed; the one that fails blocks those above it.'
  static override examples = [
    'PROBE_TURN_SECRET=… <%= config.bin %> call https://chat.example.org --turn turn:turn.example.org',
    '<%= config.bin %> call https://chat.example.org --media 10s --json',
    '<%= config.bin %> call wss://chat.example.org --profile ./my-profile.yaml --calls 50 --concurrency 5',
  ]
  static override args = {
    url: Args.string({
      required: true,
      description: 'address of the signaling server; the profile says how it is spoken to',
    }),
  }
  static override flags = {
    ...dialectFlags,
    calls: countFlag({summary: 'how many calls'}),
    concurrency: countFlag({char: 'c', summary: 'how many calls at a time; each --interval begins as many'}),
    turn: Flags.string({
      helpGroup: 'MEDIA',
      helpValue: 'URI',
      summary: 'turn: or turns: URI (RFC 7065) of the relay; without it the clients meet directly',
    }),
    policy: Flags.string({
      helpGroup: 'MEDIA',
      options: policies,
      summary: 'which candidates the clients may have; relay alone where there is a TURN server, else host',
    }),
    messages: Flags.integer({helpGroup: 'MEDIA', summary: 'how many messages the data channel echoes', default: 10}),
    media: durationFlag({
      helpGroup: 'MEDIA',
      default: 2000,
      defaultHelp: () => Promise.resolve('2s'),
      summary: 'how long sound and picture go both ways',
    }),
    ...traceFlag,
    frames: Flags.boolean({helpGroup: 'OUTPUT', summary: 'keep every message of signaling in the details of --json'}),
    ...turnFlagsBeside,
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Call)
    const auth = await readAuth(flags, process.env)
    const relayLogin = {...flags, 'password-file': flags['turn-password-file']}
    const turn = flags.turn === undefined ? undefined : await turnInput(relayLogin, process.env, '--turn-password-file')
    const connection = await connectionInput(flags, args.url, process.env)
    const {client, policy, messages, media, frames, trace} = flags
    const {settings, secrets} = await readDialect(flags)
    const options = {
      ...{dialect: settings, client, messages, media, frames, trace},
      ...(policy !== undefined && {policy}),
      ...(turn && {turn: {address: flags.turn, ...turn.options, ...(await tlsOptionsOf(flags))}}),
      ...auth.options,
      ...connection.options,
    }
    const all = [...auth.secrets, ...connection.secrets, ...secrets, ...(turn?.secrets ?? [])]
    const {calls: attempts, concurrency} = flags
    return this.probe(
      {probe: 'call', address: args.url, options, secrets: all, attempts, concurrency, beside: wireTrace},
      flags,
    )
  }
}
