/** Rules in the form of Prometheus' rule files. Durations are written as Prometheus reads them. */
export interface AlertingRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface RecordingRule {
  readonly record: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
}

export interface RuleGroup {
  readonly name: string
  readonly interval?: string
  readonly rules: readonly (AlertingRule | RecordingRule)[]
}

/** An alert as it is thought of, before labels and annotations have their form. */
export interface AlertDescription {
  readonly name: string
  readonly expr: string
  readonly forMs?: number | undefined
  /** The document's own word. */
  readonly severity: string
  /** One line for who is alerted. */
  readonly summary: string
  /** What to do first, where it is said. */
  readonly action?: string | undefined
  /** Name of a runbook of the profile. */
  readonly runbook?: string | undefined
  readonly labels?: Readonly<Record<string, string>>
}
