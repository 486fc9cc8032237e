import {execFile} from 'node:child_process'
import {cp, mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, expect, it} from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** One file that breaks each rule. What they import need not do anything: it must only be there. */
const violations: Readonly<Record<string, {file: string; imports: string}>> = {
  'layer-core': {file: 'src/core/bad.ts', imports: '../dialect/good.ts'},
  'layer-dialect': {file: 'src/dialect/bad.ts', imports: '../probes/good.ts'},
  'layer-load': {file: 'src/load/bad.ts', imports: '../probes/good.ts'},
  'layer-probes': {file: 'src/probes/bad.ts', imports: '../config/good.ts'},
  'layer-config': {file: 'src/config/bad.ts', imports: '../sinks/good.ts'},
  'layer-slo': {file: 'src/slo/bad.ts', imports: '../drill/good.ts'},
  'layer-drill': {file: 'src/drill/bad.ts', imports: '../config/good.ts'},
  'layer-sinks': {file: 'src/sinks/bad.ts', imports: '../reporters/good.ts'},
  'layer-reporters': {file: 'src/reporters/bad.ts', imports: '../config/good.ts'},
  'layer-demo': {file: 'src/demo/bad.ts', imports: '../config/good.ts'},
  'layer-scenarios': {file: 'scenarios/bad.ts', imports: '../src/probes/good.ts'},
  'owner-werift': {file: 'src/probes/turn/bad.ts', imports: 'werift'},
  'owner-werift-ice': {file: 'src/probes/ice/bad-ice.ts', imports: 'werift-ice'},
  'owner-socket.io-client': {file: 'src/probes/ice/bad.ts', imports: 'socket.io-client'},
  'owner-prom-client': {file: 'src/sinks/bad-prom.ts', imports: 'prom-client'},
  'owner-cli-table3': {file: 'src/sinks/bad-table.ts', imports: 'cli-table3'},
  'owner-yaml': {file: 'src/probes/bad-yaml.ts', imports: 'yaml'},
  'owner-selfsigned': {file: 'src/probes/bad-selfsigned.ts', imports: 'selfsigned'},
  'owner-fastest-levenshtein': {file: 'src/dialect/bad-nearest.ts', imports: 'fastest-levenshtein'},
  'owner-re2js': {file: 'src/config/bad-re2.ts', imports: 're2js'},
  'owner-ajv': {file: 'src/config/bad-ajv.ts', imports: 'ajv'},
  'owner-@oclif/core': {file: 'src/config/bad-oclif.ts', imports: '@oclif/core'},
  'owner-@grafana/grafana-foundation-sdk': {
    file: 'src/slo/bad-grafana.ts',
    imports: '@grafana/grafana-foundation-sdk/stat',
  },
  'owner-@prometheus-io/lezer-promql': {file: 'src/config/bad-promql.ts', imports: '@prometheus-io/lezer-promql'},
  'core-is-pure': {file: 'src/core/bad-fs.ts', imports: 'node:fs'},
  'dialect-is-portable': {file: 'src/dialect/bad-fs.ts', imports: 'node:fs'},
  'nothing-imports-commands': {file: 'src/config/bad-command.ts', imports: '../commands/good.ts'},
  'heavy-packages-are-lazy': {file: 'src/commands/bad.ts', imports: 'ws'},
  'oclif-by-parts': {file: 'src/commands/bad-index.ts', imports: '@oclif/core'},
  'no-cycles': {file: 'src/core/bad-cycle.ts', imports: './good.ts'},
  'no-dev-dependencies': {file: 'src/probes/bad-dev.ts', imports: 'vitest'},
}
const bystanders = {
  'src/core/good.ts': "import './bad-cycle.ts'\n",
  'src/core/orphan.ts': 'export const orphan = 1\n',
}

interface Cruise {
  readonly summary: {readonly violations: readonly {readonly rule: {readonly name: string}; readonly from: string}[]}
}

let folder = ''
let found: Cruise['summary']['violations'] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'))
  for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json']) {
    await cp(join(root, file), join(folder, file))
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const layer of [
    'core',
    'dialect',
    'load',
    'probes',
    'config',
    'slo',
    'drill',
    'sinks',
    'reporters',
    'demo',
    'commands',
  ]) {
    await plant(`src/${layer}/good.ts`, 'export {}\n')
  }
  for (const {file, imports} of Object.values(violations)) await plant(file, `import '${imports}'\n`)
  for (const [file, text] of Object.entries(bystanders)) await plant(file, text)
  const {summary} = JSON.parse(await depcruise(folder)) as Cruise
  found = summary.violations
}, 60_000)

afterAll(() => rm(folder, {recursive: true, force: true}))

it.each(Object.entries(violations))('the rule %s refuses a violation', (rule, {file}) => {
  expect(found).toContainEqual(
    expect.objectContaining({from: file, rule: expect.objectContaining({name: rule}) as unknown}),
  )
})

it('a file that nothing imports and that imports nothing is refused', () => {
  expect(found.map(({rule, from}) => `${rule.name} ${from}`)).toContain('no-orphans src/core/orphan.ts')
})

it('every rule of the file is tried here', async () => {
  const {default: rules} = (await import(join(root, '.dependency-cruiser.cjs'))) as {
    default: {forbidden: {name: string}[]}
  }
  const tried = [...Object.keys(violations), 'no-orphans']
  expect(rules.forbidden.map(({name}) => name).toSorted()).toEqual(tried.toSorted())
})

async function plant(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), {recursive: true})
  await writeFile(join(folder, file), text)
}

/** Exits with the number of violations: the report is what counts. */
function depcruise(cwd: string): Promise<string> {
  const program = join(root, 'node_modules', '.bin', 'depcruise')
  return new Promise((resolve) => {
    execFile(
      program,
      ['src', 'scenarios', '--config', '--output-type', 'json'],
      {cwd, maxBuffer: 1e8},
      (_error, stdout) => {
        resolve(stdout)
      },
    )
  })
}
