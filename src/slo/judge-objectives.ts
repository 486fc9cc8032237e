import type {Objective} from '../core/objective.ts'
import {compareStatus} from '../core/status.ts'
import type {CheckedVerdict} from '../core/verdict.ts'
import {Gate} from '../probes/gate.ts'
import {measure} from './measure/measure.ts'
import {nothing, type Answerable, type Finding, type Question} from './measure/question.ts'
import type {Prometheus} from './prometheus/prometheus.ts'
import {Unanswered} from './prometheus/unanswered.ts'
import {verdictOf} from './verdict-of.ts'

export interface SloQuestion {
  readonly objectives: readonly Objective[]
  /** The families that the profile promises. */
  readonly promised: ReadonlySet<string>
  /** The end of the window, in epoch milliseconds; without it now, by the server's clock. */
  readonly at?: number | undefined
  /** The window of all objectives; without it each has its own. */
  readonly windowMs?: number | undefined
  /** How often the system is scraped. */
  readonly stepMs: number
  readonly strict: boolean
}

export interface SloAnswer {
  readonly verdicts: readonly CheckedVerdict[]
  /** Why nothing could be asked at all. */
  readonly unreachable?: string
  /** Queries that the server cannot read, by objective: a mistake of the profile. */
  readonly unreadable: readonly {readonly objective: string; readonly message: string}[]
}

const DEFAULT_WINDOW_MS = 3_600_000
/** What a Prometheus is asked side by side: users look at its dashboards meanwhile. */
const WIDTH = 4

/** The objectives that Prometheus can decide. */
export function answerable(objectives: readonly Objective[]): Answerable[] {
  return objectives.filter(
    (objective): objective is Answerable =>
      objective.sources.includes('prometheus') && objective.prometheus !== undefined,
  )
}

/** Judges every objective that Prometheus can answer, by the judge of all. What it does not know is inconclusive. */
export async function judgeObjectives(prometheus: Prometheus, question: SloQuestion): Promise<SloAnswer> {
  const objectives = answerable(question.objectives)
  const begun = await begin(prometheus, question)
  const unreachable = typeof begun === 'string' ? begun : undefined
  const to = typeof begun === 'number' ? begun : (question.at ?? 0) // of what cannot be asked, no time is known
  const gate = new Gate(WIDTH)
  const unreadable: {objective: string; message: string}[] = []
  const judged = await Promise.all(
    objectives.map(async (objective) => {
      const windowMs = question.windowMs ?? objective.windowMs ?? DEFAULT_WINDOW_MS
      const asked: Question = {objective, from: to - windowMs, to, stepMs: question.stepMs, promised: question.promised}
      const judging = {
        source: 'prometheus' as const,
        checks: [],
        strict: question.strict,
        ...(to > 0 && {window: {from: asked.from, to}}),
      }
      const findings =
        unreachable === undefined
          ? await gate.pass(() => ask(prometheus, asked, unreadable))
          : [nothing(asked, prometheus.display, unreachable)]
      return findings.map((finding) => verdictOf(objective, finding, judging))
    }),
  )
  const verdicts = judged.flat().sort((a, b) => compareStatus(a.status, b.status))
  return {verdicts, unreadable, ...(unreachable !== undefined && {unreachable})}
}

/** The end of the window, or why this Prometheus cannot be asked. */
async function begin(prometheus: Prometheus, {at}: SloQuestion): Promise<number | string> {
  try {
    const [now] = await prometheus.instant('time()')
    if (now === undefined || !Number.isFinite(now.value)) return 'expected the time of Prometheus, got none'
    return at ?? Math.floor(now.value) * 1000
  } catch (error) {
    if (error instanceof Unanswered) return error.message
    throw error
  }
}

async function ask(
  prometheus: Prometheus,
  question: Question,
  unreadable: {objective: string; message: string}[],
): Promise<readonly Finding[]> {
  try {
    return await measure(prometheus, question)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    if (error.kind === 'syntax') unreadable.push({objective: question.objective.id, message: error.message})
    return [nothing(question, prometheus.display, error.message)]
  }
}
