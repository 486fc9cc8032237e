import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {AdHocCommand} from '../ad-hoc-command.ts'
import type {Report} from '../core/report.ts'
import {durationFlag} from '../flags/duration-flag.ts'
import {redirectsFlag} from '../flags/redirects-flag.ts'
import {authFlags, readAuth} from '../flags/auth-flags.ts'
import {connectionFlags, connectionInput} from '../flags/connection-flags.ts'
import {countFlag} from '../flags/count-flag.ts'
import {transportFlags, transportsOf} from '../flags/transport-flags.ts'

export default class Socketio extends AdHocCommand {
  static override summary = 'probe one Socket.IO handshake: Engine.IO, upgrade, namespace, acknowledgement'
  static override examples = [
    '<%= config.bin %> socketio https://chat.example.org',
    '<%= config.bin %> socketio https://chat.example.org --transport upgrade --namespace /chat',
    '<%= config.bin %> socketio https://chat.example.org --emit ping --client official',
    '<%= config.bin %> socketio https://chat.example.org --transport polling --emit echo --bytes 500000',
  ]
  static override args = {
    url: Args.string({required: true, description: 'http:// or https:// address (ws:// and wss:// too)'}),
  }
  static override flags = {
    count: countFlag(),
    path: Flags.string({helpGroup: 'REQUEST', helpValue: 'PATH', summary: 'path of Engine.IO [default: /socket.io/]'}),
    namespace: Flags.string({helpGroup: 'REQUEST', helpValue: 'NAME', summary: 'namespace to connect to [default: /]'}),
    hold: durationFlag({
      helpGroup: 'EXPECT',
      min: 1,
      summary: 'hold a silent and a talking connection for so long, and tell how each ends',
    }),
    redirects: redirectsFlag,
    emit: Flags.string({
      helpGroup: 'EXPECT',
      helpValue: 'EVENT',
      summary: 'event to emit, which the server must acknowledge',
    }),
    bytes: Flags.integer({
      helpGroup: 'EXPECT',
      helpValue: 'N',
      dependsOn: ['emit'],
      min: 1,
      max: 100_000_000,
      summary: 'emit it with a text of so many bytes: how large a body gets through, above all by polling',
    }),
    ...transportFlags,
    ...authFlags,
    ...connectionFlags,
  }

  async run(): Promise<Report> {
    const {args, flags} = await this.parse(Socketio)
    const auth = await readAuth(flags, process.env)
    const connection = await connectionInput(flags, args.url, process.env)
    const {path, namespace, emit, bytes, client, hold, redirects} = flags
    const options = {
      client,
      redirects,
      ...(hold !== undefined && {hold}),
      transports: transportsOf(flags.transport),
      ...(path && {path}),
      ...(namespace && {namespace}),
      ...(emit && {emit: {event: emit, ...(bytes !== undefined && {args: ['x'.repeat(bytes)]})}}),
      ...auth.options,
      ...connection.options,
    }
    return this.probe(
      {
        probe: 'socketio',
        address: args.url,
        options,
        secrets: [...auth.secrets, ...connection.secrets],
        attempts: flags.count,
      },
      flags,
    )
  }
}
