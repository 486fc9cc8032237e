import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

/** Where what npm cannot give is built to. Git-ignored. */
export const builtPrograms = join(import.meta.dirname, '..', '.tools')

/** Where the signaling servers that npm has are installed, pinned in `tools/signaling-servers`. */
export const npmServers = join(builtPrograms, 'signaling-servers')
export const npmPrograms: readonly string[] = ['peerjs', 'y-webrtc-signaling', 'bittorrent-tracker', 'protoo-server']

/** The real services of the tests, by the Debian package that holds them. */
export const debianPackages = {
  coturn: ['turnserver', 'turnutils_uclient', 'turnutils_stunclient', 'turnutils_peer'],
  prometheus: ['prometheus', 'promtool'],
  'prometheus-pushgateway': ['prometheus-pushgateway'],
  'prometheus-alertmanager': ['prometheus-alertmanager', 'amtool'],
  'victoria-metrics': ['victoria-metrics'],
  'prometheus-blackbox-exporter': ['prometheus-blackbox-exporter'],
  'prometheus-node-exporter': ['prometheus-node-exporter'],
  'prometheus-redis-exporter': ['prometheus-redis-exporter'],
  'redis-server': ['redis-server'],
  nginx: ['nginx'],
  haproxy: ['haproxy'],
  chromium: ['chromium'],
  'dnsmasq-base': ['dnsmasq'],
  janus: ['janus'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The path of an installed program, of a library its folder, or undefined. What was built here goes before what the machine has. */
export function findProgram(program: string): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter)
  return [
    builtPrograms,
    join(npmServers, 'node_modules', '.bin'),
    join(npmServers, 'node_modules'),
    ...path,
    '/usr/sbin',
    '/usr/local/bin',
  ]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

/** One sentence for the person who misses the program. */
export function howToGet(program: string): string {
  if (program === 'k6')
    return 'install k6 2.0 or newer (https://grafana.com/docs/k6/latest/set-up/install-k6/), or Go to build it'
  if (program === 'pion-turn') return 'install Go (https://go.dev/doc/install) to build it, and run npm test'
  if (npmPrograms.includes(program)) return 'node tools/services.ts installs it from npm'
  const found = Object.entries(debianPackages).find(([, programs]) => programs.some((name) => name === program))
  return found ? `apt-get install ${found[0]}` : `put ${program} on PATH`
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // absent or not ours to run: both mean "look further"
  }
}
