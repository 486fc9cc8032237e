import {z} from 'zod'
import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {questionsTo} from '../monitoring/questions.ts'
import type {Attempt} from '../probe.ts'
import type {GrafanaOptions} from './options.ts'

const healthShape = z.object({database: z.string(), version: z.string().optional()})
const searchShape = z.array(z.object({title: z.string()}))

/** Asks Grafana how it is, and whether the dashboards that people are told to look at exist. */
export const grafana: Attempt<GrafanaOptions> = async (target, options, trace) => {
  const server = questionsTo(target, options, trace)
  const {database, version} = await server.json('health', '/api/health', healthShape)
  if (version) trace.fact('grafana_version', excerpt(version, 40))
  if (database !== 'ok')
    throw new ProbeFailure('monitoring_incomplete', `expected a database that is ok, got "${excerpt(database, 60)}"`)
  trace.event({indicator: 'monitoring', ok: true})
  const {dashboards} = options
  if (dashboards.length === 0) {
    trace.skip('dashboards', 'none are expected')
    return
  }
  const titles = (await server.json('dashboards', '/api/search?type=dash-db&limit=5000', searchShape)).map(
    ({title}) => title,
  )
  trace.fact('dashboards', titles.length)
  const has = (wanted: string) => titles.some((title) => title.toLowerCase().includes(wanted.toLowerCase()))
  for (const wanted of dashboards) trace.event({indicator: 'dashboard', ok: has(wanted)})
  const missing = dashboards.filter((wanted) => !has(wanted))
  if (missing.length > 0)
    throw new ProbeFailure(
      'monitoring_incomplete',
      `expected the dashboards ${dashboards.join(', ')}, got none called ${missing.join(', ')}`,
    )
}
