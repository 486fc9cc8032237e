/** The layers of docs/architecture: dependencies point down only, `core` is pure, each heavy package has one owner. */
const below = {
  core: [],
  dialect: ['core'],
  load: ['core', 'dialect'],
  probes: ['core', 'dialect'],
  config: ['core', 'dialect', 'probes'],
  slo: ['core', 'dialect', 'probes'],
  drill: ['core', 'dialect', 'load', 'probes', 'slo'],
  sinks: ['core', 'dialect', 'probes'],
  reporters: ['core', 'dialect', 'load', 'probes'],
  demo: ['core', 'dialect', 'probes'],
  scenarios: ['core', 'dialect', 'load'],
}
const path = (layer) => (layer === 'scenarios' ? '^scenarios/' : `^src/${layer}/`)

const layers = Object.entries(below).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `${layer} may import only ${[layer, ...allowed].join(', ')}`,
  severity: 'error',
  from: {path: path(layer)},
  to: {path: '^(src|bin|scenarios)/', pathNot: [layer, ...allowed].map(path)},
}))

const owners = {
  werift: '^src/probes/webrtc/',
  'werift-ice': '^src/demo/turn/',
  'socket.io-client': '^src/probes/socketio/',
  'prom-client': '^src/sinks/pushgateway/',
  'cli-table3': '^src/reporters/',
  yaml: '^src/config/',
  selfsigned: '^src/demo/',
  'fastest-levenshtein': '^src/config/',
  re2js: '^src/dialect/',
  ajv: '^src/drill/reports/',
  '@prometheus-io/lezer-promql': '^src/slo/lint/',
  '@grafana/grafana-foundation-sdk': '^src/slo/dashboards/',
  '@oclif/core': '^(bin/|src/(commands|hooks|flags)/|src/(main|built-plugin|(base|ad-hoc)-command)\\.ts)',
}
const packages = Object.entries(owners).map(([name, owner]) => ({
  name: `owner-${name}`,
  comment: `${name} is imported in one place only`,
  severity: 'error',
  from: {path: '^(src|bin)/', pathNot: owner},
  to: {path: `node_modules/${name}/`},
}))

module.exports = {
  forbidden: [
    ...layers,
    ...packages,
    {
      name: 'core-is-pure',
      comment: 'core has no I/O and no packages: it runs anywhere, k6 included',
      severity: 'error',
      from: {path: '^src/core/'},
      to: {dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-no-pkg']},
    },
    {
      name: 'dialect-is-portable',
      comment: 'dialect and load run in Node and in k6: no Node modules',
      severity: 'error',
      from: {path: '^src/(dialect|load)/'},
      to: {dependencyTypes: ['core']},
    },
    {
      name: 'nothing-imports-commands',
      severity: 'error',
      from: {},
      to: {path: '^src/(commands|hooks)/'},
    },
    {
      name: 'heavy-packages-are-lazy',
      comment: 'loaded by import() from a registry: eager imports cost 450 ms at every start',
      severity: 'error',
      from: {path: '^src/commands/|^src/[^/]+\\.ts$|^src/probes/[^/]+\\.ts$|^src/(sinks|reporters)/index\\.ts$'},
      to: {
        path: 'node_modules/(werift|werift-ice|socket\\.io-client|prom-client|ws|cli-table3|@grafana/grafana-foundation-sdk)/',
        dynamic: false,
      },
    },
    {
      name: 'oclif-by-parts',
      comment: 'the index of @oclif/core loads all of it, 11 ms at every start: import @oclif/core/flags and the like',
      severity: 'error',
      from: {path: '^(src|bin)/'},
      to: {path: 'node_modules/@oclif/core/lib/index\\.', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'no-cycles',
      comment: 'a type or an import() closes no cycle: what a probe is made of may know its options, which load it',
      severity: 'error',
      from: {},
      to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only', 'dynamic-import']}},
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {orphan: true, path: '^src/', pathNot: '^src/(commands|hooks)/'},
      to: {},
    },
    {
      name: 'no-dev-dependencies',
      comment: 'but those that the build puts in',
      severity: 'error',
      from: {path: '^src/'},
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(@oclif/core|cli-table3|fastest-levenshtein|yaml|zod)/',
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    doNotFollow: {path: ['node_modules', '^dist/']},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default']},
  },
}
