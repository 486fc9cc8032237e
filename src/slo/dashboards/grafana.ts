/* eslint-disable @typescript-eslint/no-deprecated -- version 2 of the format needs Grafana 12; this one is read by all since 7 */
import {DashboardBuilder, DatasourceVariableBuilder, type Dashboard} from '@grafana/grafana-foundation-sdk/dashboard'
import {promDuration} from '../../core/duration.ts'
import type {DashboardDescription} from './description.ts'
import {panelOf, placed} from './panel.ts'

export interface DashboardIdentity {
  /** Of the profile, a tag of the dashboard too. */
  readonly profile: string
  /** Within the profile. */
  readonly name: string
}

/** Grafana's longest uid. */
const UID_LENGTH = 40

/** A dashboard as Grafana imports and provisions it. The same description gives the same uid, so that it is replaced. */
export function grafanaDashboard(description: DashboardDescription, {profile, name}: DashboardIdentity): Dashboard {
  const {title, refresh, range = 3_600_000, panels} = description
  const dashboard = new DashboardBuilder(title)
    .uid(`${profile}-${name}`.slice(0, UID_LENGTH))
    .tags(['probe', profile])
    .time({from: `now-${promDuration(range)}`, to: 'now'})
    .refresh(promDuration(refresh ?? 30_000))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
  for (const [panel, place] of placed(panels)) dashboard.withPanel(panelOf(panel, place))
  return dashboard.build()
}
