/** Writes deploy/monitoring anew: what the commands make of each profile, and the same for the Prometheus Operator. */
import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {parse, stringify} from 'yaml'
import {profileNames} from '../src/config/profiles.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'deploy', 'monitoring')
/** The deployment's own: slack-api-url and pagerduty-routing-key. The operator mounts a secret under its name. */
const SECRET = 'alertmanager-keys'
const NAMESPACE = 'monitoring'
/** The service that the operator makes for every Alertmanager of a namespace. */
const OPERATED = 'alertmanager-operated'
const runbooks = 'https://runbooks.example.org/{profile}/{runbook}'

/** Every generated file of the stack with its text, by its path in the folder. */
export async function monitoringFiles(): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {}
  for (const profile of await profileNames()) Object.assign(files, filesOf(profile))
  return files
}

function filesOf(profile: string): Record<string, string> {
  const probe = (...args: string[]) => run(['slo', ...args, '--profile', profile])
  const scrape = (alertmanager: string) =>
    probe(
      'scrape',
      ...['--prometheus', 'localhost:9090', '--alertmanager', alertmanager, '--pushgateway', 'pushgateway:9091'],
    )
  const rules = ['rules', '--runbook-url', runbooks]
  const alertmanager = (secrets: string) => probe('routes', '--secrets', secrets)
  const dashboards = JSON.parse(probe('dashboards', '--json')) as Record<string, object>
  return {
    [`${profile}/prometheus.yml`]: scrape('alertmanager:9093'),
    [`${profile}/rules.yml`]: probe(...rules),
    [`${profile}/alertmanager.yml`]: alertmanager('/etc/alertmanager/secrets'),
    ...Object.fromEntries(
      Object.entries(dashboards).map(([name, one]) => [`${profile}/dashboards/${name}.json`, json(one)]),
    ),
    [`kubernetes/${profile}.yaml`]: documents([
      parse(probe(...rules, '--format', 'operator')) as object,
      secret(`alertmanager-${profile}`, 'alertmanager.yaml', alertmanager(`/etc/alertmanager/secrets/${SECRET}`)),
      secret(
        `scrape-${profile}`,
        'scrape.yaml',
        stringify((parse(scrape(`${OPERATED}:9093`)) as {scrape_configs: object}).scrape_configs),
      ),
      ...reader(profile),
      ...servers(profile),
      ...pushgateway,
      ...Object.entries(dashboards).map(([name, one]) => dashboard(`${profile}-${name}`, json(one))),
    ]),
  }
}

/** Whom Prometheus is to the cluster: one that may see which pods ask to be scraped. */
function reader(profile: string): object[] {
  const name = `prometheus-${profile}`
  const role = {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name}
  return [
    {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name}},
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: {name},
      rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch']}],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: {name},
      roleRef: role,
      subjects: [{kind: 'ServiceAccount', name, namespace: NAMESPACE}],
    },
  ]
}

/** Where runs of probes push to; one for all profiles. */
const pushgateway: readonly object[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'pushgateway'},
    spec: {
      replicas: 1,
      selector: {matchLabels: {app: 'pushgateway'}},
      template: {
        metadata: {labels: {app: 'pushgateway'}},
        spec: {containers: [{name: 'pushgateway', image: 'prom/pushgateway:v1.9.0', ports: [{containerPort: 9091}]}]},
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'pushgateway'},
    spec: {selector: {app: 'pushgateway'}, ports: [{name: 'web', port: 9091}]},
  },
]

/** Custom resources of the Prometheus Operator: it finds the rules by their label, and reads the two secrets. */
function servers(profile: string): object[] {
  const labels = {'app.kubernetes.io/part-of': 'probe', profile}
  return [
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: {name: profile, labels},
      spec: {
        replicas: 1,
        retention: '30d',
        serviceAccountName: `prometheus-${profile}`,
        ruleSelector: {matchLabels: {prometheus: 'k8s', role: 'alert-rules'}},
        additionalScrapeConfigs: {name: `scrape-${profile}`, key: 'scrape.yaml'},
        alerting: {alertmanagers: [{namespace: NAMESPACE, name: OPERATED, port: 'web'}]},
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Alertmanager',
      metadata: {name: profile, labels},
      spec: {replicas: 1, configSecret: `alertmanager-${profile}`, secrets: [SECRET]},
    },
  ]
}

function secret(name: string, key: string, text: string): object {
  return {apiVersion: 'v1', kind: 'Secret', metadata: {name}, type: 'Opaque', stringData: {[key]: text}}
}

/** Grafana's sidecar takes every config map with this label for dashboards. */
function dashboard(name: string, text: string): object {
  const metadata = {name: `dashboard-${name}`, labels: {grafana_dashboard: '1'}}
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {[`${name}.json`]: text}}
}

function documents(all: readonly object[]): string {
  return all.map((one) => stringify(one, {lineWidth: 0})).join('---\n')
}

function json(one: object): string {
  return `${JSON.stringify(one, null, 2)}\n`
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin', 'run.js'), ...args], {encoding: 'utf8', cwd: folder})
}

if (process.argv[1] === import.meta.filename) {
  execFileSync(process.execPath, [join(root, 'tools', 'build.ts')])
  for (const [name, text] of Object.entries(await monitoringFiles())) {
    mkdirSync(dirname(join(folder, name)), {recursive: true})
    writeFileSync(join(folder, name), text)
  }
}
