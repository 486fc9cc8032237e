import type {Reporter} from './reporter.ts'

/** Every format of a report: the only list of their names. What a reporter is made of is loaded when it is asked for. */
const loaders = {
  table: async () => (await import('./table/table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  markdown: async () => (await import('./markdown.ts')).markdown,
  html: async () => (await import('./html/html.ts')).html,
  junit: async () => (await import('./junit.ts')).junit,
  nagios: async () => (await import('./nagios.ts')).nagios,
} as const satisfies Readonly<Record<string, () => Promise<Reporter>>>

export type ReporterName = keyof typeof loaders

export const reporterNames = Object.keys(loaders) as readonly ReporterName[]

export function loadReporter(name: ReporterName): Promise<Reporter> {
  return loaders[name]()
}
