import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeAll, describe, expect, it} from 'vitest'
import {parse, parseAllDocuments, stringify} from 'yaml'
import {profileNames} from '../../src/config/profiles.ts'
import {monitoringFiles} from '../../tools/monitoring.ts'
import {need} from '../setup/need.ts'

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'monitoring')
const read = (path: string) => readFileSync(join(folder, path), 'utf8')
const profiles = await profileNames()

describe('deploy/monitoring', () => {
  it('is what the commands make of the profiles (npm run monitoring writes it anew)', async () => {
    const stale = Object.entries(await monitoringFiles()).filter(([path, text]) => read(path) !== text)
    expect(stale.map(([path]) => path)).toEqual([])
  }, 300_000)

  it.each(profiles)('%s: Prometheus and its rules pass promtool check config', (profile) => {
    const {scrape_configs, ...rest} = parse(read(`${profile}/prometheus.yml`)) as {
      scrape_configs: {job_name: string; honor_labels?: boolean; kubernetes_sd_configs?: object}[]
    }
    // Debian builds Prometheus without the discovery of Kubernetes.
    const config = {...rest, scrape_configs: scrape_configs.filter((job) => !job.kubernetes_sd_configs)}
    expect(
      checked(need('promtool'), 'prometheus.yml', {
        'prometheus.yml': stringify(config),
        'rules.yml': read(`${profile}/rules.yml`),
      }),
    ).toBe('')
    expect(scrape_configs.find(({job_name}) => job_name === 'pushgateway')?.honor_labels).toBe(true)
  })

  it.each(profiles)('%s: Alertmanager passes amtool check-config', (profile) => {
    expect(checked(need('amtool'), 'alertmanager.yml', {'alertmanager.yml': read(`${profile}/alertmanager.yml`)})).toBe(
      '',
    )
  })

  it.each(profiles)('%s: the operator gets the same rules, routes and dashboards', (profile) => {
    const documents = parseAllDocuments(read(`kubernetes/${profile}.yaml`)).map((one) => one.toJS() as Resource)
    const kinds = Map.groupBy(documents, ({kind}) => kind)
    expect([...kinds.keys()]).toEqual([
      'PrometheusRule',
      'Secret',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Prometheus',
      'Alertmanager',
      'Deployment',
      'Service',
      'ConfigMap',
    ])
    expect(kinds.get('Prometheus')?.[0]?.spec).toMatchObject({
      serviceAccountName: kinds.get('ServiceAccount')?.[0]?.metadata.name,
    })
    expect(kinds.get('PrometheusRule')?.[0]?.spec).toEqual(parse(read(`${profile}/rules.yml`)))
    const names = documents.map(({metadata}) => metadata.name)
    expect(names).toEqual(expect.arrayContaining([`alertmanager-${profile}`, `scrape-${profile}`]))
    for (const {metadata, data} of kinds.get('ConfigMap') ?? []) {
      const [file = ''] = Object.keys(data ?? {})
      expect(metadata.labels).toEqual({grafana_dashboard: '1'})
      expect(data?.[file]).toBe(read(`${profile}/dashboards/${file.replace(`${profile}-`, '')}`))
    }
  })

  let compose: Compose
  beforeAll(() => {
    compose = parse(read('compose.yaml')) as Compose
  })

  it('the compose file pins every image and publishes on loopback only', () => {
    for (const {image, ports} of Object.values(compose.services)) {
      expect(image).toMatch(/^[a-z-]+\/[a-z-]+:v?\d+\.\d+\.\d+$/)
      expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
    }
  })

  it('the compose file mounts what there is, for every profile', () => {
    const volumes = Object.values(compose.services).flatMap((service) => service.volumes ?? [])
    const mounted = volumes.flatMap((volume) => /^\.\/\$\{PROFILE:-video-chat\}\/([^:]+):/.exec(volume)?.[1] ?? [])
    expect(mounted.sort()).toEqual(['alertmanager.yml', 'dashboards', 'prometheus.yml', 'rules.yml'])
    for (const profile of profiles) {
      for (const path of mounted.filter((one) => one.endsWith('.yml'))) expect(read(`${profile}/${path}`)).not.toBe('')
    }
  })
})

interface Resource {
  readonly kind: string
  readonly metadata: {readonly name: string; readonly labels?: object}
  readonly spec?: object
  readonly data?: Readonly<Record<string, string>>
}
interface Compose {
  readonly services: Readonly<
    Record<string, {readonly image: string; readonly ports: string[]; readonly volumes?: string[]}>
  >
}

/** What a checker has to say about a file beside others; nothing when it is fine. */
function checked(program: string, file: string, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'monitoring-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    const args = file === 'alertmanager.yml' ? ['check-config', file] : ['check', 'config', file]
    const {status, stdout, stderr} = spawnSync(program, args, {cwd: directory, encoding: 'utf8'})
    return status === 0 ? '' : stdout + stderr
  } finally {
    rmSync(directory, {recursive: true})
  }
}
