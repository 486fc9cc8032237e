/**
 * Makes the real services of the tests available: Debian's packages where this may install them, k6 from PATH or built,
 * pion's TURN server built, signaling servers from npm.
 * What cannot be had is named with how to get it, and is no error here: the tests that need it say so at their end.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {provideK6} from './k6.ts'
import {providePion} from './pion.ts'
import {debianPackages, findProgram, howToGet, npmPrograms} from './programs.ts'
import {provideSignalingServers} from './signaling-servers.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)
const missing = () =>
  [...Object.values(debianPackages).flat(), ...npmPrograms].filter((program) => !findProgram(program))

const packages = Object.entries(debianPackages).filter(([, programs]) => !programs.every(findProgram))
if (packages.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  install(packages.map(([name]) => name))
}
const unbuilt = [...(provideK6(say) ? [] : ['k6']), ...(providePion(say) ? [] : ['pion-turn'])]
provideSignalingServers(say)
const absent = [...missing(), ...unbuilt]
for (const program of absent) say(`missing: ${program} (${howToGet(program)})`)

/** Installs packages without starting the daemons in them: they would hold fixed ports. */
function install(names: readonly string[]): void {
  say(`installing ${names.join(' ')}`)
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  // What Debian asks before it starts a service: 101 is "forbidden by policy".
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', {mode: 0o755})
  try {
    if (!readdirSync('/var/lib/apt/lists').some((file) => file.endsWith('_Packages') || file.endsWith('.lz4'))) {
      apt(['update'])
    }
    if (!apt(['install', '-y', '--no-install-recommends', ...names])) {
      apt(['update']) // the lists may be older than the archive
      apt(['install', '-y', '--no-install-recommends', ...names])
    }
    // Forbidden to start now, they would start with the machine.
    if (existsSync('/run/systemd/system')) spawnSync('systemctl', ['disable', '--quiet', ...names], {stdio: 'ignore'})
  } finally {
    if (ours) rmSync(policy, {force: true})
  }
}

function apt(args: readonly string[]): boolean {
  const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive'}
  const done = spawnSync('/usr/bin/apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {env, encoding: 'utf8'})
  if (done.status === 0) return true
  say(`apt-get ${args[0] ?? ''} failed: ${done.stderr.trim().split('\n').at(-1) ?? 'no reason given'}`)
  return false
}
