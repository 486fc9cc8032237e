import {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {questionsTo} from '../monitoring/questions.ts'
import type {Attempt} from '../probe.ts'
import type {AlertmanagerOptions} from './options.ts'

const statusShape = z.object({
  cluster: z.object({status: z.string(), peers: z.array(z.unknown()).default([])}),
  versionInfo: z.object({version: z.string()}),
})
const receiversShape = z.array(z.object({name: z.string()}))

/** Asks Alertmanager whether it would pass an alert on, and to whom. */
export const alertmanager: Attempt<AlertmanagerOptions> = async (target, options, trace) => {
  const server = questionsTo(target, options, trace)
  await server.page('ready', '/-/ready')
  const {cluster, versionInfo} = await server.json('cluster', '/api/v2/status', statusShape)
  trace.fact('alertmanager_version', excerpt(versionInfo.version, 40))
  trace.fact('cluster', excerpt(cluster.status, 20))
  trace.fact('peers', cluster.peers.length)
  // One that runs alone has its cluster disabled; one that is settling may send an alert twice or not at all.
  if (cluster.status === 'settling')
    throw new ProbeFailure('monitoring_incomplete', 'expected a cluster that is ready, got one that is settling')
  const {peers, receivers} = options
  if (peers !== undefined && cluster.peers.length < peers) {
    throw new ProbeFailure(
      'monitoring_incomplete',
      `expected a cluster of ${peers} members, got ${cluster.peers.length}`,
    )
  }
  const found = (await server.json('receivers', '/api/v2/receivers', receiversShape)).map(({name}) => name)
  trace.fact('receivers', excerpt(found.join(' '), 200))
  const missing = receivers.filter((name) => !found.includes(name))
  if (missing.length > 0)
    throw new ProbeFailure(
      'monitoring_incomplete',
      `expected the receivers ${receivers.join(', ')}, got none called ${missing.join(', ')}`,
    )
  trace.event({indicator: 'monitoring', ok: true})
}
