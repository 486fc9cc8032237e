import {availableParallelism, totalmem} from 'node:os'
import {assess} from '../core/assess.ts'
import type {DrillResult, SeriesPoint, Snapshot} from '../core/drill-result.ts'
import type {Objective} from '../core/objective.ts'
import {redactJson} from '../core/redact.ts'
import type {RunHealth} from '../core/report.ts'
import type {CheckResult} from '../core/result.ts'
import {shareOf} from '../core/stats.ts'
import type {CheckedVerdict} from '../core/verdict.ts'
import {JUDGED, phaseAt} from '../load/curve.ts'
import {measures} from '../load/measures.ts'
import type {Workload} from '../load/workload.ts'
import type {Check} from '../probes/check.ts'
import {watchHealth} from '../probes/prober-health.ts'
import {drillObjectives, indicatorsOf} from './bounds.ts'
import {canariesOf, canaryRound, canaryRounds} from './canary.ts'
import {carriedLoads} from './carried.ts'
import {comparableOf, type Comparable} from './comparable.ts'
import {CPU_SHARE, gatesOf, lagLimit, type GateLimits} from './gates.ts'
import type {Generated, Generator, GeneratorMaker} from './generator.ts'
import type {DrillPlan} from './plan.ts'
import {preflight} from './preflight.ts'
import {counted, resultOf} from './result.ts'
import {scenarios} from './scenarios.ts'
import {targetsOf, type Subject} from './subject.ts'
import {drillVerdicts} from './verdicts.ts'
import {workloadOf} from './workload.ts'

export interface DrillAssignment {
  readonly plan: DrillPlan
  readonly subject: Subject
  readonly checks: readonly Check[]
  readonly objectives: readonly Objective[]
  readonly secrets: readonly string[]
}

export interface DrillConduct {
  /** Names the run in its requests. */
  readonly id: string
  readonly generatorOf: GeneratorMaker
  readonly out: string
  /** Makes the folder of the report, once nothing speaks against the drill. */
  readonly makeFolder: () => Promise<string>
  readonly signal: AbortSignal
  readonly strict: boolean
  readonly limiterIsFault: boolean
  readonly killFile: string
  readonly canaryEveryMs: number
  readonly gates: Partial<GateLimits>
  /** The generator has local addresses of its own. */
  readonly localIps: boolean
  /** The command that does it again. */
  readonly repeat: string
  /** Told before anything is started; throws where the drill would be in vain. */
  readonly onWorkload: (comparable: Comparable) => void
  /** Told what may keep the drill from being believed. */
  readonly onDoubt: (message: string) => void
  readonly onPoint: (point: SeriesPoint) => void
  readonly onStage: (stage: 'preflight' | 'before' | 'load' | 'after') => void
}

export interface Drilled {
  readonly drill: DrillResult
  readonly checks: readonly CheckResult[]
  readonly verdicts: readonly CheckedVerdict[]
  readonly health: RunHealth
  readonly folder: string
}

/** The whole drill: preflight, the checks before, the load with the checks beside it, the checks after, the verdicts. */
export async function runDrill(assignment: DrillAssignment, conduct: DrillConduct): Promise<Drilled> {
  const {plan, subject, objectives, checks} = assignment
  const {signal, onStage} = conduct
  const decided = drillObjectives(objectives, indicatorsOf(scenarios[plan.scenario].kinds, subject))
  const {workload, secrets: made} = workloadOf({...conduct, plan, subject, objectives: decided})
  const secrets = [...assignment.secrets, ...made]
  const comparable = comparableOf(workload, secrets)
  conduct.onWorkload(comparable)
  const targets = targetsOf(subject)
  onStage('preflight')
  const generator = await conduct.generatorOf(workload, subject)
  await preflight({...conduct, generator, plan, limits: {cpu: conduct.gates.cpu, localIps: conduct.localIps}})
  const folder = await conduct.makeFolder()

  const watch = watchHealth()
  const canaries = canariesOf(checks)
  const context = {signal, secrets}
  onStage('before')
  const before = snapshotsOf(await canaryRound(canaries, context), objectives)
  onStage('load')
  const facts = {
    cores: availableParallelism(),
    memoryBytes: memoryLimit(),
    vus: plan.resources.vus,
    processes: plan.resources.processes,
  }
  let ms = 0
  const beside = canaryRounds(
    canaries,
    {everyMs: conduct.canaryEveryMs, counts: () => phaseAt(plan.phases, ms)?.judged === true},
    context,
  )
  const generated = await generator.generate({
    signal,
    killFile: conduct.killFile,
    folder,
    durationMs: plan.durationMs,
    cores: facts.cores,
    onPoint(point) {
      ms = point.ms
      conduct.onPoint(point)
    },
  })
  const results = await beside.finish()
  onStage('after')
  const after = snapshotsOf(signal.aborted ? [] : await canaryRound(canaries, context), objectives)
  const health = await watch.finish(results)

  const {measured} = generated
  const loads = carriedLoads(workload, measured)
  const limits = {cpu: CPU_SHARE, lagMs: lagLimit(decided), ...conduct.gates}
  const gates = gatesOf(
    limits,
    evidenceOf(generated, {generator, facts, judged: judgedPoints(generated, plan), workload}),
  )
  const refused = measured?.rate(`${measures.limited}{phase:${JUDGED}}`)
  const limited = conduct.limiterIsFault || !refused ? null : shareOf(refused)
  const [target] = targets
  const verdicts = [
    ...drillVerdicts(decided, {
      scenario: plan.scenario,
      target: target?.display ?? '',
      measured,
      loads,
      failures: counted(measured, measures.failures, generated.failures),
      gates,
      end: generated.end,
      limited,
      strict: conduct.strict,
    }),
    ...assess(results, objectives, {strict: conduct.strict, disturbances: health.disturbances}),
  ]
  const drill = resultOf({
    plan,
    workload,
    facts: {
      targets: targets.map(({display}) => display),
      ...comparable,
      repeat: conduct.repeat,
      ...(generator.k6 !== undefined && {k6: generator.k6}),
      ...(generator.script !== undefined && {script: generator.script}),
      generator: facts,
    },
    generated,
    loads,
    gates,
    limited,
    before,
    after,
  })
  return {...redactJson({drill, checks: results, verdicts, health}, secrets), folder}
}

function evidenceOf(
  {measured, fds, exceptions, end}: Generated,
  {
    generator,
    facts,
    judged,
    workload,
  }: {
    readonly generator: Generator
    readonly facts: DrillResult['generator']
    readonly judged: readonly SeriesPoint[]
    readonly workload: Workload
  },
): Parameters<typeof gatesOf>[1] {
  return {
    parts: generator.parts,
    facts,
    judged,
    sockets: workload.sockets !== undefined || workload.relays !== undefined,
    lagP99Ms: measured?.trend(`${measures.lagMs}{phase:${JUDGED}}`)?.['p(99)'],
    fds,
    exceptions,
    exhausted: measured?.counter(`${measures.failures}{code:exhausted}`) ?? 0,
    vus:
      end.kind === 'completed' && measured
        ? {planned: fixedVus(workload), started: measured.counter(measures.started)}
        : undefined,
  }
}

/** Those whose number does not depend on how fast the target answers. */
function fixedVus({sockets, requests, relays}: Workload): number {
  return (sockets?.vus ?? 0) + (relays?.workers ?? 0) + (requests?.model === 'closed' ? requests.vus : 0)
}

function judgedPoints({series}: Generated, {phases}: DrillPlan): SeriesPoint[] {
  const judged = new Set(phases.filter((phase) => phase.judged).map(({name}) => name))
  return series.filter(({phase}) => judged.has(phase))
}

function snapshotsOf(results: readonly CheckResult[], objectives: readonly Objective[]): Snapshot[] {
  return assess(results, objectives).map(({objective, target, status, why}) => ({
    objective,
    target,
    status,
    ...(why !== undefined && {why}),
  }))
}

/** Of the machine, or of the container if that has less. */
function memoryLimit(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
