import * as Flags from '@oclif/core/flags'

const choices = ['websocket', 'polling', 'upgrade'] as const
export type TransportChoice = (typeof choices)[number]

/** How a Socket.IO server is reached, and by whose client. */
export const transportFlags = {
  transport: Flags.option({options: choices, default: 'websocket' as const})({
    helpGroup: 'REQUEST',
    summary: 'websocket alone, polling alone, or polling first and then the upgrade, as browsers do',
  }),
  client: Flags.option({options: ['own', 'official'] as const, default: 'own' as const})({
    helpGroup: 'REQUEST',
    summary: "our own client, timed phase by phase, or the protocol's official one as a second opinion",
  }),
}

export function transportsOf(choice: TransportChoice): readonly ('websocket' | 'polling')[] {
  return choice === 'upgrade' ? ['polling', 'websocket'] : [choice]
}
