import {randomUUID} from 'node:crypto'
import {basename, dirname} from 'node:path'
import type {Plan} from './config/plan.ts'
import type {ComparisonCriteria} from './core/drill-comparison.ts'
import type {DrillResult} from './core/drill-result.ts'
import {makeReport, type Report} from './core/report.ts'
import type {CheckedVerdict} from './core/verdict.ts'
import type {DrillInput} from './drill-input.ts'
import {drillOf, type DrillWishes} from './drill-plan.ts'
import {writeReport} from './drill-report.ts'
import {outsiders, refuseUnlisted} from './drill/allowed.ts'
import {compareDrills, type Placed} from './drill/compare/compare.ts'
import {refuseOther} from './drill/compare/refuse-other.ts'
import {runDrill, type DrillConduct} from './drill/drill.ts'
import {folderName, makeFolder} from './drill/folder.ts'
import {generatorFor, type GeneratorChoice} from './drill/generators.ts'
import type {DrillPlan} from './drill/plan.ts'
import {scenarios} from './drill/scenarios.ts'
import {earlierDrills} from './drill/reports/baseline.ts'
import {targetsOf} from './drill/subject.ts'
import type {Peak} from './drill/peak.ts'
import {drillScript} from './probes/package-files.ts'

/** What a drill is told besides what to load. */
export interface DrillSettings
  extends
    Pick<
      DrillConduct,
      | 'signal'
      | 'strict'
      | 'limiterIsFault'
      | 'killFile'
      | 'canaryEveryMs'
      | 'gates'
      | 'repeat'
      | 'onDoubt'
      | 'onPoint'
      | 'onStage'
    >,
    Omit<GeneratorChoice, 'script' | 'processes'> {
  readonly version: string
  /** Folder of the report, if not one of its own below `reports`. */
  readonly out?: string | undefined
  /** Told where the report will lie, when there is the folder. */
  readonly onFolder?: (folder: string) => void
  /** Judges what Prometheus knows of a time. */
  readonly ask?: DrillInput['ask']
  /** An earlier drill to hold this one against, and what is then a regression. */
  readonly baseline?: Placed & {readonly criteria: ComparisonCriteria}
  /** Asked before anything is started; throws where the answer is no. */
  readonly confirm: (plan: DrillPlan, outsiders: readonly string[]) => Promise<void>
}

/** Runs a drill and writes its report. */
export async function carryOutDrill(
  whole: Plan,
  {wishes, seen}: {wishes: DrillWishes; seen: Peak},
  settings: DrillSettings,
): Promise<{report: Report; folder: string}> {
  const {plan, subject} = drillOf(whole, wishes, seen)
  refuseUnlisted(targetsOf(subject), whole.drill.allow)
  const choice = {...settings, script: drillScript, processes: plan.resources.processes}
  const generatorOf = await generatorFor(scenarios[plan.scenario], choice)
  await settings.confirm(plan, outsiders(targetsOf(subject)))

  const startedAt = Date.now()
  const begin = performance.now()
  const id = randomUUID()
  const {profile, instance, location, selection, checks, objectives, secrets} = whole
  const out = settings.out ?? folderName(profile, plan.scenario, new Date(startedAt))
  const {
    drill,
    verdicts,
    checks: results,
    health,
    folder,
  } = await runDrill(
    {plan, subject, checks, objectives, secrets},
    {
      ...settings,
      id,
      generatorOf,
      localIps: settings.extra.some((argument) => argument.startsWith('--local-ips')),
      out,
      makeFolder: async () => {
        const folder = await makeFolder(out)
        settings.onFolder?.(folder)
        return folder
      },
      onWorkload: (comparable) => settings.baseline && refuseOther(settings.baseline.report.drill, comparable, unlike),
    },
  )
  const run = {
    id,
    profile,
    instance,
    location,
    startedAt,
    durationMs: performance.now() - begin,
    version: settings.version,
    node: process.version,
    selection,
    health,
  }
  const known = await askedOf(drill, settings)
  const earlier = await earlierDrills(dirname(folder), {profile, instance, startedAt, workloadHash: drill.workloadHash})
  const judged = {
    ...makeReport({run, checks: results, verdicts: [...verdicts, ...known]}, whole.runbooks),
    drill: {...drill, earlier},
  }
  const report = settings.baseline ? compared({report: judged, folder: basename(folder)}, settings.baseline) : judged
  await writeReport(report, folder)
  return {report, folder}
}

const unlike = 'run it without --baseline once: the next drill has that one to be compared with'

function compared(current: Placed, {criteria, ...baseline}: NonNullable<DrillSettings['baseline']>): Report {
  const comparison = compareDrills({baseline, current}, criteria)
  return {...current.report, drill: {...current.report.drill, comparison}}
}

/** What Prometheus knows of the judged time. */
async function askedOf(drill: DrillResult, {ask, signal}: DrillSettings): Promise<readonly CheckedVerdict[]> {
  const judged = drill.phases.filter((phase) => phase.judged)
  const [first, last] = [judged[0], judged.at(-1)]
  if (!ask || !first || !last || signal.aborted) return []
  const {verdicts} = await ask({from: drill.startedAt + first.startMs, to: drill.startedAt + last.endMs}, signal)
  return verdicts
}
