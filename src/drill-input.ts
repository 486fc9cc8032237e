import type {Config} from './config/config-schema.ts'
import {planOf, type Plan} from './config/plan.ts'
import type {ConfigRequest} from './config/layers.ts'
import {resolveConfig} from './config/resolve-config.ts'
import {UserError} from './core/errors.ts'
import type {Peak} from './drill/peak.ts'
import {seenPeak} from './drill/seen-peak.ts'
import {scrapeInterval} from './slo-profile.ts'
import {judgeObjectives, answerable, type SloAnswer} from './slo/judge-objectives.ts'
import {prometheusAt, type PrometheusAccess} from './slo/prometheus/prometheus.ts'
import {Unanswered} from './slo/prometheus/unanswered.ts'

/** A Prometheus to be asked, with what must not show of it. */
export interface PrometheusInput {
  readonly access: PrometheusAccess
  readonly secrets: readonly string[]
}

export interface DrillInput {
  readonly plan: Plan
  readonly seen: Peak
  /** Judges what Prometheus knows of a time; absent where no Prometheus was given. */
  readonly ask?: (window: {readonly from: number; readonly to: number}, signal: AbortSignal) => Promise<SloAnswer>
}

export interface DrillInputRequest extends ConfigRequest {
  /** How far back to look for the highest load that was seen; undefined to take the documented one. */
  readonly overMs?: number | undefined
  readonly strict: boolean
  readonly signal: AbortSignal
  readonly prometheusOf: (config: Config) => Promise<PrometheusInput | undefined>
}

/** Reads profile and config, and asks Prometheus for the peak if that is wanted. Throws UserError. */
export async function loadDrill(request: DrillInputRequest): Promise<DrillInput> {
  const {overMs, signal, strict} = request
  const resolved = await resolveConfig(request)
  const {config} = resolved
  const plan = planOf(resolved)
  const input = await request.prometheusOf(config)
  if (!input) {
    if (overMs === undefined) return {plan, seen: {}}
    throw new UserError(
      '--peak-from prometheus: expected the address of Prometheus, got none',
      'give --prometheus URL, or a target "prometheus" in probe.yaml',
    )
  }
  const seen = overMs === undefined ? {} : await highest(prometheusAt(input.access, signal), {plan, overMs})
  const known = {...plan, secrets: [...plan.secrets, ...input.secrets]}
  if (answerable(plan.objectives).length === 0) return {plan: known, seen}
  return {
    plan: known,
    seen,
    ask: ({from, to}, until) =>
      judgeObjectives(prometheusAt(input.access, until), {
        objectives: plan.objectives,
        promised: new Set(Object.keys(config.metrics)),
        at: to,
        windowMs: to - from,
        stepMs: Math.min(scrapeInterval(config), Math.max(1000, (to - from) / 2)),
        strict,
      }),
  }
}

async function highest(
  prometheus: ReturnType<typeof prometheusAt>,
  {plan, overMs}: {plan: Plan; overMs: number},
): Promise<Peak> {
  try {
    const now = (await prometheus.instant('time()'))[0]?.value ?? 0
    const {peak = {}, objectives} = plan
    return await seenPeak(prometheus, {peak, objectives}, {to: now * 1000, overMs})
  } catch (error) {
    if (error instanceof Unanswered) throw new UserError(`--peak-from prometheus: ${error.message}`)
    throw error
  }
}
