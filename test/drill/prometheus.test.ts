import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {loadDrill} from '../../src/drill-input.ts'
import {closing} from '../fixtures/closing.ts'
import {drill} from '../fixtures/drill.ts'
import {query} from '../fixtures/prometheus.ts'
import {startService} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
need('prometheus')

test('what Prometheus knows of the judged time is judged beside the rest', {timeout: 120_000}, async () => {
  const {report} = await drill(k6, {
    wishes: {scenario: 'http'},
    yaml: `objectives:
  served: {title: Requests served, indicator: request, sources: [prometheus], target: {share: 0.9}, prometheus: {bad: chat_errors_total, total: chat_requests_total}}
metrics:
  chat_requests_total: {type: counter, help: requests}
  chat_errors_total: {type: counter, help: errors}
scrape: {interval: 1s, evaluation_interval: 1s, jobs: {}}
`,
    async prepare(folder, url) {
      const prometheus = closing(
        await startService({
          program: 'prometheus',
          async args(directory) {
            const targets = `[{targets: ["${new URL(url).host}"]}]`
            const scrape = `scrape_configs: [{job_name: chat, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: ${targets}}]\n`
            await writeFile(join(directory, 'prometheus.yml'), scrape)
            return [
              `--config.file=${join(directory, 'prometheus.yml')}`,
              `--storage.tsdb.path=${join(directory, 'data')}`,
              '--web.listen-address=127.0.0.1:0',
            ]
          },
        }),
      )
      // A window that is longer than the data is inconclusive: the scrapes must have begun.
      const scraped = () => query(prometheus, 'chat_requests_total').catch(() => [])
      await expect.poll(scraped, {timeout: 30_000}).toHaveLength(1)
      const {ask} = await loadDrill({
        env: {},
        cwd: folder,
        strict: false,
        signal: new AbortController().signal,
        prometheusOf: () =>
          Promise.resolve({access: {address: prometheus.url, headers: {}, timeoutMs: 10_000}, secrets: []}),
      })
      return {...(ask && {ask})}
    },
  })
  const served = report.verdicts.find(({objective, source}) => objective === 'served' && source === 'prometheus')
  expect(served?.why).toBeUndefined()
  expect(served?.status).toBe('pass')
  expect(served?.bounds[0]?.tally.total).toBeGreaterThan(50)
  expect(report.verdicts.map(({source}) => source)).toEqual(expect.arrayContaining(['drill', 'probe', 'prometheus']))
})
