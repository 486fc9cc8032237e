import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Browser, Page} from 'playwright-core'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {DrillComparison} from '../../src/core/drill-comparison.ts'
import type {Report} from '../../src/core/report.ts'
import {startBrowser} from '../fixtures/chromium.ts'
import {runCli, type CliResult} from '../fixtures/cli.ts'
import {drillTarget, drillTargetProfile, type DrillTargetFaults} from '../fixtures/drill-target.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
const chromium = need('chromium')

const CANARY = 'canary-5e3c9a'
const LOAD = [
  ...[
    '--scenario',
    'stepped',
    '--steps',
    '3',
    '--step',
    '4s',
    '--warm-up',
    '1s',
    '--down',
    '1s',
    '--interval',
    '500ms',
  ],
  ...['--peak', 'connections=15', '--session', '30s', '--canary-every', '3s', '--max-lag', '20s', '--max-cpu', '1'],
]

/** Where all of it happens: two real drills, the second of which meets a target that is slow with every third answer. */
let folder = ''
let first: CliResult
let second: CliResult

/** A drill with a secret in its configuration, against a target of known behaviour. */
async function drill(args: readonly string[], faults?: DrillTargetFaults): Promise<CliResult> {
  const target = await drillTarget(faults)
  const config = `profile: ./drilled.yaml\ninstance: here\ntargets: {chat: "${target.url}"}\nchecks: {echo: {headers: {x-token: "\${TOKEN}"}}}\n`
  writeFileSync(join(folder, 'probe.yaml'), config)
  try {
    return await probe(['drill', 'run', ...LOAD, ...args])
  } finally {
    await target.close()
  }
}

function probe(args: readonly string[]): Promise<CliResult> {
  return runCli(args, {cwd: folder, env: {PROBE_K6: k6, TOKEN: CANARY}})
}

const fileOf = (name: string, file: string) => readFileSync(join(folder, 'reports', name, file), 'utf8')
const reportOf = (name: string) => JSON.parse(fileOf(name, 'report.json')) as Report

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drill-report-'))
  writeFileSync(join(folder, 'drilled.yaml'), drillTargetProfile)
  first = await drill(['--out', 'reports/first', '--baseline', 'last'])
  second = await drill(['--out', 'reports/second', '--baseline', 'reports/first'], {slowEvery: 3, slowMs: 1600})
}, 180_000)
afterAll(() => rmSync(folder, {recursive: true, force: true}))

describe('a drill and the one after it', {timeout: 60_000}, () => {
  test('the first has no baseline, says so, and passes', () => {
    expect(first.stderr).toBe(
      'note: no stepped drill of drilled has passed below reports yet: this one is compared with none\n',
    )
    expect(first.code, first.stdout).toBe(0)
    expect(reportOf('first').drill).toMatchObject({earlier: [], targets: [expect.stringMatching(/^http:/)]})
    expect(reportOf('first').drill?.repeat).toMatch(/^probe drill run --scenario stepped .* --baseline last$/)
  })

  test('the second is held against the first, in every form of its report', () => {
    const report = reportOf('second')
    expect(schemaErrors(report)).toEqual([])
    expect(report.drill?.comparison).toMatchObject({outcome: 'regression', baseline: {folder: 'reports/first'}})
    expect(report.drill?.earlier.map((one) => one.folder)).toEqual(['first'])
    expect(report.drill?.workloadHash).toBe(reportOf('first').drill?.workloadHash)
    expect(second.stdout).toContain('against reports/first')
    expect(fileOf('second', 'report.md')).toMatch(/## Against the baseline\n\n\| objective \| figure [^]*REGRESSION/)
    expect(fileOf('second', 'report.html')).toContain('Against the baseline')
    expect(second.code).toBe(1)
  })

  test('a secret is in no file', () => {
    for (const name of ['first', 'second']) {
      for (const file of ['report.json', 'report.html', 'report.md', 'junit.xml', 'k6.log', 'k6-summary.json']) {
        expect(fileOf(name, file)).not.toContain(CANARY)
      }
    }
  })

  test('drill compare says the same as the report, and exits by it', async () => {
    const {code, stdout} = await probe(['drill', 'compare', 'reports/first', 'reports/second', '--json'])
    const {changes, outcome} = JSON.parse(stdout) as DrillComparison
    expect(changes).toEqual(reportOf('second').drill?.comparison?.changes)
    expect([outcome, code]).toEqual(['regression', 1])
    const same = await probe(['drill', 'compare', 'reports/first', 'reports/first'])
    expect(same.stdout).toMatch(/Round trips in time +(p95|in time) .* within noise\n/)
    expect(same.code).toBe(0)
  })

  test('another workload is refused, before anything is started and afterwards, with what differs', async () => {
    const {code, stderr} = await drill([
      '--out',
      'reports/third',
      '--baseline',
      'reports/first',
      '--peak',
      'connections=16',
    ])
    expect(stderr).toMatch(
      /^the two drills had different workloads and cannot be compared: sockets\.sessions was 30 and is 32.*\n {2}run it without --baseline once/,
    )
    expect(code).toBe(2)
    expect(() => reportOf('third')).toThrow()
  })

  test('drill report renders the same files again', async () => {
    const files = ['report.html', 'report.md', 'junit.xml', 'series.json']
    const before = files.map((file) => fileOf('second', file))
    for (const file of files) writeFileSync(join(folder, 'reports', 'second', file), '')
    expect((await probe(['drill', 'report', 'reports/second'])).stdout).toBe(
      `written: ${files.join(', ')} in reports/second\n`,
    )
    expect(files.map((file) => fileOf('second', file))).toEqual(before)
    const {code, stderr} = await probe(['drill', 'report', 'reports'])
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'reports/report.json cannot be read (ENOENT)'])
  })

  test('drill list shows both, and how it went', async () => {
    expect((await probe(['drill', 'list'])).stdout).toMatch(/ fail .*second\n.* pass .*first\n$/)
    const trend = await probe(['drill', 'list', '--trend'])
    expect(trend.stdout).toMatch(
      /^drilled here, stepped, workload \w+\nwhen .*\n.* pass .*\n.* fail .*\+\d+\.\d %.*\np95 .█\n$/,
    )
  })

  test('drill clean says what it would do, and does it only when told', async () => {
    const {stdout} = await probe(['drill', 'clean', '--keep', '0'])
    expect(stdout).toBe('would remove reports/second\n1 of 2 drills; nothing was removed: add --yes\n')
    expect(reportOf('second').status).toBe('fail')
    expect((await probe(['drill', 'clean'])).code).toBe(2)
  })
})

describe('the page in a real browser', {timeout: 60_000}, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser(chromium)
  }, 60_000)
  afterAll(() => browser.close())

  const views = [
    [1400, 'light'],
    [1400, 'dark'],
    [380, 'light'],
    [380, 'dark'],
  ] as const
  test.each(views)(
    '%i pixels wide, %s: it asks for nothing, complains of nothing, and draws everything',
    async (width, colorScheme) => {
      const page = await browser.newPage({viewport: {width, height: 900}, colorScheme})
      const said: string[] = []
      const asked: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(error.message))
      page.on('request', (request) => asked.push(request.url()))
      const address = `file://${join(folder, 'reports', 'second', 'report.html')}`
      await page.goto(address)
      expect(said).toEqual([])
      expect(asked).toEqual([address])
      const seen = await look(page)
      expect(seen.charts).toBeGreaterThanOrEqual(9)
      expect(seen).toMatchObject({
        scrollsSideways: false,
        unnamed: [],
        undrawn: [],
        colourOnly: [],
        skipped: [],
        faint: [],
      })
      // Whoever is woken by it sees without scrolling what came out, what broke and what to do.
      expect(await page.locator('.verdict').textContent()).toMatch(/fail\s+1 of \d+ promises were not kept/)
      expect(await page.locator('.advice').textContent()).toMatch(
        /What broke\s+no layer failed: answers come too late\s+What to do\s+The capacity curve/,
      )
      const box = await page.locator('.advice').boundingBox()
      expect(box && box.y + box.height).toBeLessThan(900)
      await page.close()
    },
  )

  test('it prints', async () => {
    const page = await browser.newPage()
    await page.goto(`file://${join(folder, 'reports', 'second', 'report.html')}`)
    const pdf = await page.pdf({format: 'A4'})
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await page.close()
  })
})

interface Seen {
  readonly charts: number
  readonly scrollsSideways: boolean
  /** Charts without a name, and regions that scroll without one. */
  readonly unnamed: readonly string[]
  /** Charts without a line. */
  readonly undrawn: readonly string[]
  /** Verdicts without a word. */
  readonly colourOnly: readonly string[]
  /** Headings that leave out a level. */
  readonly skipped: readonly string[]
  /** Text with less contrast than WCAG 2.2 asks for (1.4.3: 4.5 to 1). */
  readonly faint: readonly string[]
}

function look(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(lookInPage)
}

/** Runs in the page, whose types are the browser's. */
const lookInPage = `(() => {
  const visible = (element) => element.getClientRects().length > 0
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible)
  const charts = all('svg[role=img]')
  const channel = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 }
  const luminance = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b) }
  const paper = luminance(getComputedStyle(document.documentElement).backgroundColor)
  const contrast = (color) => { const [low, high] = [paper, luminance(color)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05) }
  const levels = all('h1, h2, h3').map((heading) => Number(heading.tagName[1]))
  return {
    charts: charts.length,
    scrollsSideways: document.documentElement.scrollWidth > window.innerWidth,
    unnamed: [...charts, ...all('.scroll')].filter((one) => !one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby')).map((one) => one.outerHTML.slice(0, 80)),
    undrawn: charts.filter((chart) => ![...chart.querySelectorAll('.line')].some((line) => line.getTotalLength() > 20)).map((chart) => chart.getAttribute('aria-label')),
    colourOnly: all('.badge').filter((badge) => !/[a-z]{4}/.test(badge.textContent)).map((badge) => badge.outerHTML),
    skipped: levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1).map(String),
    faint: all('p, th, td, dt, dd, li, summary, h1, h2, h3, small, .badge').map((one) => getComputedStyle(one).color).filter((color, index, colors) => colors.indexOf(color) === index && contrast(color) < 4.5),
  }
})()`
