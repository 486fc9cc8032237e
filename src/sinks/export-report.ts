import type {ExportResult, Report} from '../core/report.ts'
import type {Sample} from '../core/sample.ts'
import {samplesOf} from '../core/samples-of.ts'
import type {Sink} from './sink.ts'

/** How long a sink may go on cleaning up after its deadline before it is left behind. */
const CLEAN_UP_MS = 500

/**
 * Sends the report's samples to every sink, side by side, each under its own deadline. Never rejects: what could not
 * be exported is a result, and said.
 */
export function exportReport(report: Report, sinks: readonly Sink[], signal: AbortSignal): Promise<ExportResult[]> {
  const samples = samplesOf(report)
  return Promise.all(sinks.map((sink) => exportTo(sink, {report, samples, signal})))
}

interface Export {
  readonly report: Report
  readonly samples: readonly Sample[]
  readonly signal: AbortSignal
}

async function exportTo(sink: Sink, {report, samples, signal}: Export): Promise<ExportResult> {
  const {name, required, timeoutMs} = sink
  const deadline = new AbortController()
  const stop = () => deadline.abort(new Error('interrupted before everything was sent'))
  const timer = setTimeout(() => deadline.abort(new Error(`not done within ${timeoutMs} ms`)), timeoutMs)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, {once: true})
  try {
    await settle(() => sink.write(samples, report.run, deadline.signal), deadline.signal)
    return {sink: name, ok: true, required, samples: samples.length}
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {sink: name, ok: false, required, samples: samples.length, message}
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Waits for a sink, and after an abort only as long as a clean-up may take: one that ignores its signal is left behind. */
async function settle(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw signal.reason
  const left = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const leave = () => {
    timer = setTimeout(() => left.reject(signal.reason as Error), CLEAN_UP_MS)
  }
  signal.addEventListener('abort', leave, {once: true})
  try {
    await Promise.race([write(), left.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
  }
}
