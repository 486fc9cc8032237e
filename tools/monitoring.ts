/** Writes deploy/monitoring anew: what the commands make of each profile, and the same for the Prometheus Operator. */
import type {JsonObject} from '../src/core/json.ts'
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {stringify} from 'yaml'
import SloDashboards from '../src/commands/slo/dashboards.ts'
import SloRoutes from '../src/commands/slo/routes.ts'
import SloRules from '../src/commands/slo/rules.ts'
import SloScrape from '../src/commands/slo/scrape.ts'
import {profileNames} from '../src/config/profiles.ts'
import {formatYaml} from '../src/config/show.ts'
import {jsonText} from '../src/reporters/json-text.ts'

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
  for (const profile of await profileNames()) Object.assign(files, await filesOf(profile))
  return files
}

/** The commands themselves, in this process and without what they print: a process for each of them would take minutes. */
class Scrape extends SloScrape {
  override log(): void {
    // what it returns is all that is wanted
  }
}
class Rules extends SloRules {
  override log(): void {
    // what it returns is all that is wanted
  }
}
class Routes extends SloRoutes {
  override log(): void {
    // what it returns is all that is wanted
  }
}
class Dashboards extends SloDashboards {
  override log(): void {
    // what it returns is all that is wanted
  }
}

async function filesOf(profile: string): Promise<Record<string, string>> {
  const given = ['--profile', profile]
  const servers = ['--prometheus', 'localhost:9090', '--pushgateway', 'pushgateway:9091']
  const scrape = async (alertmanager: string) =>
    (await Scrape.run([...given, ...servers, '--alertmanager', alertmanager], root)) as JsonObject
  const rules = async (...format: string[]) =>
    (await Rules.run([...given, '--runbook-url', runbooks, ...format], root)) as JsonObject
  const routes = async (secrets: string) =>
    formatYaml((await Routes.run([...given, '--secrets', secrets], root)) as JsonObject)
  const dashboards = Object.entries((await Dashboards.run(given, root)) as Record<string, JsonObject>)
  return {
    [`${profile}/prometheus.yml`]: formatYaml(await scrape('alertmanager:9093')),
    [`${profile}/rules.yml`]: formatYaml(await rules()),
    [`${profile}/alertmanager.yml`]: await routes('/etc/alertmanager/secrets'),
    ...Object.fromEntries(dashboards.map(([name, one]) => [`${profile}/dashboards/${name}.json`, json(one)])),
    [`kubernetes/${profile}.yaml`]: documents([
      await rules('--format', 'operator'),
      secret(`alertmanager-${profile}`, 'alertmanager.yaml', await routes(`/etc/alertmanager/secrets/${SECRET}`)),
      secret(`scrape-${profile}`, 'scrape.yaml', stringify((await scrape(`${OPERATED}:9093`)).scrape_configs)),
      ...reader(profile),
      ...operated(profile),
      ...pushgateway,
      ...dashboards.map(([name, one]) => dashboard(`${profile}-${name}`, json(one))),
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
function operated(profile: string): object[] {
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

function json(one: JsonObject): string {
  return `${jsonText(one)}\n`
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of Object.entries(await monitoringFiles())) {
    mkdirSync(dirname(join(folder, name)), {recursive: true})
    writeFileSync(join(folder, name), text)
  }
}
