import type {DrillResult, Gate} from '../core/drill-result.ts'
import {wordsOf} from '../core/load-words.ts'
import type {Report} from '../core/report.ts'
import {brokenLayer} from './table/rows.ts'

/** For whoever is woken by a drill: which layer broke, and what to do next. */
export interface DrillAdvice {
  /** Nothing where nothing is known to be broken. */
  readonly broke?: string
  readonly steps: readonly string[]
}

/** What the figures of a drill say about where to look. Of one that passed there is nothing to say. */
export function adviceOf(report: Report, drill: DrillResult): DrillAdvice {
  const {status} = report
  if (status === 'pass' || status === 'skipped') return {steps: []}
  const broke = brokeAt(report, drill)
  return {...(broke !== undefined && {broke}), steps: [...stepsOf(report, drill)]}
}

/** Where most connections ended, else whether the answers are what is late or missing; a generator in doubt says nothing of layers. */
function brokeAt(report: Report, drill: DrillResult): string | undefined {
  const {failures, gates} = drill
  if (gates.some(({ok}) => !ok)) return 'the generator: what it says of the target is not to be believed'
  const funnel = stagesIn(drill)
  const drops = funnel.slice(1).map(({stage, clients}, index) => ({
    stage,
    lost: (funnel[index]?.clients ?? 0) - clients,
    of: funnel[index]?.clients ?? 0,
  }))
  const [worst] = drops.toSorted((a, b) => b.lost - a.lost)
  const [most] = failures
  const why = most ? `: ${most.code}${most.message === undefined ? '' : `, ${most.message}`}` : ''
  if (worst && most && worst.lost > 0) {
    return `${worst.lost} of ${worst.of} ${wordsOf(drill).course} did not come to "${worst.stage.replaceAll('_', ' ')}"${why}`
  }
  if (most) return `${most.count} failures${why}`
  const slow = report.verdicts.some((verdict) => verdict.source === 'drill' && isSlow(verdict, report))
  return slow ? 'no layer failed: answers come too late' : undefined
}

/** Without those that its conversations do not have: nobody came to them, and some further. */
function stagesIn({funnel}: DrillResult): DrillResult['funnel'] {
  const last = funnel.findLastIndex(({clients}) => clients > 0)
  return funnel.filter(({clients}, index) => clients > 0 || index > last)
}

function isSlow(verdict: Report['verdicts'][number], report: Report): boolean {
  return (verdict.status === 'fail' || verdict.status === 'degraded') && brokenLayer(verdict, report) === 'slow'
}

function* stepsOf(report: Report, drill: DrillResult): Generator<string> {
  const {gates, end, before, after} = drill
  const doubtful = gates.filter(({ok}) => !ok)
  const failedBefore = before.filter(({status}) => status === 'fail')
  const failsStill = after.filter(({status}) => status === 'fail')
  if (failsStill.length > 0) yield 'The target fails without the load as well: see to it first ("probe run").'
  if (failedBefore.length > 0) yield 'It failed before the load already: a drill tells of a system that is well.'
  for (const {name} of doubtful) yield remedies[name](drill)
  if (/^(crashed|killed|late)$/.test(end.kind)) yield `See ${logOf(drill)} for what the generator said.`
  if (end.kind === 'interrupted' || end.kind === 'kill-file')
    yield 'Run it again, to its end: what was not tried is not known.'
  if (doubtful.length > 0) return
  const failed = report.verdicts.filter(({status}) => status === 'fail')
  const runbooks = [...new Set(failed.flatMap(({runbook}) => runbook ?? []))]
  if (runbooks.length > 0) yield `Follow the runbook ${runbooks.map((name) => `"${name}"`).join(', ')}.`
  if (report.status === 'inconclusive' || end.kind === 'interrupted') return
  if (drill.scenario === 'stepped') yield 'The capacity curve says up to which load the promises were kept.'
  else yield 'Find out how much it carries: --scenario stepped, or a lower --factor.'
}

/** Where the generator's own words are. */
function logOf({k6, generator}: DrillResult): string {
  if (k6 === undefined) return 'the messages above'
  return generator.processes > 1 ? 'k6.log of each process' : 'k6.log beside this report'
}

/** What to do about a generator that is not to be believed. */
const remedies: Readonly<Record<Gate['name'], (drill: DrillResult) => string>> = {
  cpu: () => 'Load less, or from a machine with more cores ("probe drill plan" says how many it takes).',
  lag: ({gates}) =>
    gates.some(({name, ok}) => name === 'cpu' && !ok)
      ? 'It ran late for want of processor time.'
      : 'It ran late though it used few cores: something else uses this machine. Drill from one that has nothing else to do, or allow more with --max-lag where that is exact enough.',
  memory: () => 'Put more sockets on a virtual user (--sockets-per-vu), or drill from a machine with more memory.',
  files: () => 'Raise the limit of open files (ulimit -Hn).',
  exceptions: (drill) => `The generator itself failed: see ${logOf(drill)}.`,
  resources: () => 'Give it more local ports: net.ipv4.ip_local_port_range, or --k6-arg=--local-ips=….',
  vus: (drill) => `Not all of the load was started: see ${logOf(drill)}, and drill from a larger machine.`,
}
