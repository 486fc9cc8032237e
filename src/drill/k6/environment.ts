/** What k6 has of our environment: what Go, its TLS and its resolver read. Users keep their secrets there. */
const INHERITED =
  /^(PATH|HOME|USER|TMPDIR|LANG|LC_ALL|TZ|GOMAXPROCS|GODEBUG|SSL_CERT_FILE|SSL_CERT_DIR|LOCALDOMAIN|RES_OPTIONS)$/
/** The settings of its outputs, for `--k6-out`. Whatever else is set for k6 would change what is measured. */
const OUTPUTS = /^K6_(PROMETHEUS_RW|INFLUXDB|OTEL|STATSD|CSV|JSON|CLOUD|KAFKA|TIMESCALEDB|WEB_DASHBOARD)_/

const OWN = {
  K6_NO_USAGE_REPORT: 'true',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  K6_NEW_MACHINE_READABLE_SUMMARY: 'false',
}

/** The environment of the child: secrets reach k6 here, as arguments are seen by every process. */
export function k6Environment(
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (INHERITED.test(entry[0]) || OUTPUTS.test(entry[0])),
  )
  return {...Object.fromEntries(inherited), ...OWN, ...extra}
}
