/** What a dashboard shows, as a profile documents it: independent of what draws it. */
export interface DashboardDescription {
  readonly title: string
  /** How often it asks anew, in milliseconds. */
  readonly refresh?: number | undefined
  /** How far back it shows, in milliseconds. */
  readonly range?: number | undefined
  readonly panels: readonly PanelDescription[]
}

export interface PanelDescription {
  readonly title: string
  readonly kind: 'timeseries' | 'stat' | 'gauge' | 'heatmap' | 'piechart' | 'bargauge' | 'table'
  /** Grafana's name of a unit. */
  readonly unit?: string | undefined
  readonly stacked?: boolean | undefined
  readonly queries: readonly {readonly expr: string; readonly legend?: string | undefined}[]
  /** From which value on which colour. */
  readonly thresholds?: readonly {readonly value: number; readonly color: string}[] | undefined
  readonly note?: string | undefined
}
