/** The way to a relay that two peers may use, in order: what every probe of one begins with. */
export const relayPhases = ['resolve', 'connect', 'tls', 'challenge', 'allocate', 'permission', 'channel'] as const
