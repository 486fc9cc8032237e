import {promDuration} from '../core/duration.ts'
import type {Json} from '../core/json.ts'

/** How a system's Prometheus collects, as a profile documents it. Durations in milliseconds. */
export interface Scrape {
  readonly interval: number
  readonly evaluation_interval: number
  readonly external_labels?: Readonly<Record<string, string>> | undefined
  readonly jobs: Readonly<Record<string, ScrapeJob>>
}

export interface ScrapeJob {
  readonly targets?: readonly string[] | undefined
  /** Every pod that carries `prometheus.io/scrape: "true"`. */
  readonly annotated_pods?: boolean | undefined
}

/** Where the servers of the monitoring itself answer, HOST:PORT. */
export interface MonitoringServers {
  readonly prometheus: string
  readonly alertmanager: string
  readonly pushgateway: string
}

/** Prometheus' configuration: the documented jobs, the monitoring itself, and what `probe run` pushes. */
export function prometheusConfig(scrape: Scrape, servers: MonitoringServers): Readonly<Record<string, Json>> {
  return {
    global: {
      scrape_interval: promDuration(scrape.interval),
      evaluation_interval: promDuration(scrape.evaluation_interval),
      ...(scrape.external_labels && {external_labels: scrape.external_labels}),
    },
    rule_files: ['rules.yml'],
    alerting: {alertmanagers: [{static_configs: [{targets: [servers.alertmanager]}]}]},
    scrape_configs: [...Object.entries(scrape.jobs).flatMap(documentedJob), ...monitoringJobs(servers)],
  }
}

/** A job that says nothing of where it is has no target. */
function documentedJob([name, {targets, annotated_pods}]: readonly [string, ScrapeJob]): Json[] {
  return [
    ...(targets ? [{job_name: name, static_configs: [{targets}]}] : []),
    ...(annotated_pods ? [{job_name: name, kubernetes_sd_configs: [{role: 'pod'}], relabel_configs: annotations}] : []),
  ]
}

/** A push keeps the job, the instance and the location that it was made with. */
function pushgatewayJob(pushgateway: string): Json {
  return {job_name: 'pushgateway', honor_labels: true, static_configs: [{targets: [pushgateway]}]}
}

function monitoringJobs({prometheus, alertmanager, pushgateway}: MonitoringServers): Json[] {
  return [
    {job_name: 'prometheus', static_configs: [{targets: [prometheus]}]},
    {job_name: 'alertmanager', static_configs: [{targets: [alertmanager]}]},
    pushgatewayJob(pushgateway),
  ]
}

/** The convention of annotations: prometheus.io/scrape, /path and /port. */
const annotations: readonly Json[] = [
  {
    source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_scrape'],
    action: 'keep',
    regex: 'true',
  },
  {
    source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_path'],
    action: 'replace',
    target_label: '__metrics_path__',
    regex: '(.+)',
  },
  {
    source_labels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
    action: 'replace',
    target_label: '__address__',
    regex: '([^:]+)(?::\\d+)?;(\\d+)',
    replacement: '$1:$2',
  },
  {source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace'},
  {source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod'},
]
