import {isUtf8} from 'node:buffer'
import type {Contract} from '../../core/contract.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {MappedFamilies} from '../../core/mapped-samples.ts'
import {excerpt} from '../excerpt.ts'
import {exchange, type HttpResponse} from '../http/exchange.ts'
import {checkExpectations} from '../http/expectations.ts'
import type {Attempt, Trace} from '../probe.ts'
import {requestHeaders} from '../request-options.ts'
import {withPath} from '../url-address.ts'
import {checkContract, required, type ContractFinding} from './check-contract.ts'
import {seriesOf, type Families} from './family.ts'
import {metricsAddress, promisedBy, type MetricsOptions} from './options.ts'
import {parseJson} from './parse-json.ts'
import {parseText} from './parse-text.ts'

const accepted = {
  auto: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.8,application/json;q=0.5,*/*;q=0.1',
  prometheus: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
  json: 'application/json',
} as const
/** So many samples of the promised families are kept for the objectives: a family of more is told by its number. */
const MOST_SAMPLES = 2000

/** Reads a page of metrics and holds it against the contract. What was read is told, for objectives to be judged by. */
export const metrics: Attempt<MetricsOptions> = async (target, options, trace) => {
  const url = withPath(metricsAddress.parse(target.address).url, options.path)
  const headers = {accept: accepted[options.format], ...requestHeaders(options, trace)}
  const request = {url, method: 'GET', headers, connection: options, maxBodyBytes: options.maxBodyBytes}
  const response = await exchange(request, target, trace)
  checkExpectations(response, {status: [200], headers: {}, json: {}})
  trace.phase('read')
  const format = formatOf(response, options)
  const families = read(response, format, options)
  trace.fact('metrics_format', format)
  trace.fact('families', families.size)
  trace.fact(
    'series',
    [...families.values()].reduce((sum, family) => sum + seriesOf(family), 0),
  )
  const {maxSeries} = options
  const contract = promisedBy(options)
  const findings = checkContract(families, contract, {maxSeries})
  tell(findings, new Set(required(contract)), trace)
  const kept = Object.keys(contract).flatMap((name) => families.get(name)?.samples ?? [])
  trace.detail(
    'samples',
    kept.slice(0, MOST_SAMPLES).map(({name, labels, value}) => ({name, labels, value: String(value)})),
  )
  if (format === 'json') trace.detail('mapped', mapped(families, contract, maxSeries))
  refuse(findings)
}

/** What is exported of a page that Prometheus cannot read. A family of too many series would be the death of it. */
function mapped(families: Families, contract: Contract, maxSeries: number): MappedFamilies {
  const few = Object.entries(contract).filter(([name]) => {
    const family = families.get(name)
    return family !== undefined && seriesOf(family) <= maxSeries
  })
  return Object.fromEntries(
    few.map(([name, {type, help}]) => [name, {type: type === 'counter' ? type : 'gauge', help}]),
  )
}

type Format = Exclude<MetricsOptions['format'], 'auto'>

/** By the content type, and where that says nothing by the first character. */
function formatOf({headers, body}: HttpResponse, {format}: MetricsOptions): Format {
  const type = headers['content-type'] ?? ''
  if (type.includes('openmetrics-text')) return 'openmetrics'
  if (type.includes('json') || format === 'json') return 'json'
  return /^\s*[{[]/.test(body.subarray(0, 64).toString('latin1')) ? 'json' : 'prometheus'
}

function read(response: HttpResponse, format: Format, options: MetricsOptions): Families {
  const {headers} = response
  const text = textOf(response)
  if (format === 'json') return parseJson(text, promisedBy(options))
  const families = parseText(text, {openMetrics: format === 'openmetrics'})
  if (families.size > 0) return families
  const type = headers['content-type'] ?? 'no content type'
  throw new ProbeFailure('metrics_malformed', `expected metrics, got "${excerpt(text)}" (${type})`)
}

/** The page as text. What Prometheus would refuse or could not read is no page. */
function textOf({body, headers}: HttpResponse): string {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') {
    throw new ProbeFailure('metrics_malformed', `expected the page as it is, got it in ${excerpt(encoding, 40)}`, {
      hint: 'it was asked for as it is (Accept-Encoding: identity): something on the way compresses all the same',
    })
  }
  const text = body.toString('utf8')
  if (isUtf8(body)) return text
  const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length
  throw new ProbeFailure('metrics_malformed', `line ${line}: expected UTF-8, got other bytes`)
}

function tell(findings: readonly ContractFinding[], must: ReadonlySet<string>, trace: Trace): void {
  for (const {family, broken} of findings) {
    if (must.has(family)) trace.event({indicator: 'metric_family', ok: broken.length === 0})
  }
  const doubts = findings.flatMap((finding) => finding.doubts)
  if (doubts.length === 0) return
  trace.fact('contract_doubts', doubts.length)
  trace.detail(
    'doubts',
    doubts.map((doubt) => excerpt(doubt, 200)),
  )
}

function refuse(findings: readonly ContractFinding[]): void {
  const [first, ...others] = findings.flatMap(({broken}) => broken)
  if (first === undefined) return
  const more = others.length > 0 ? {hint: `and ${others.length} more: ${excerpt(others.join('; '), 400)}`} : {}
  throw new ProbeFailure('metrics_contract', excerpt(first, 200), more)
}
