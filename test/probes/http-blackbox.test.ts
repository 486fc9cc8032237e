import {expect, test} from 'vitest'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {closing} from '../fixtures/closing.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {startService} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

const WAIT_MS = 150

/** The samples of one scrape, by name and labels. */
async function blackbox(target: string): Promise<Map<string, number>> {
  const exporter = closing(
    await startService({
      program: need('prometheus-blackbox-exporter'),
      async args(directory) {
        const config = join(directory, 'blackbox.json') // JSON is YAML
        const http = {preferred_ip_protocol: 'ip4', tls_config: {insecure_skip_verify: true}}
        await writeFile(config, JSON.stringify({modules: {http_2xx: {prober: 'http', http}}}))
        return [`--config.file=${config}`, '--web.listen-address=127.0.0.1:0']
      },
    }),
  )
  const response = await fetch(`${exporter.url}/probe?module=http_2xx&target=${encodeURIComponent(target)}`)
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

test.each([200, 503])('blackbox_exporter sees the same as we do in a server that answers %i', async (status) => {
  const {ca, ...tls} = await makeCertificate()
  const server = closing(
    await serveHttp(
      (_request, response) => {
        setTimeout(() => response.writeHead(status).end('hello'), WAIT_MS)
      },
      {tls},
    ),
  )
  const theirs = await blackbox(server.address)
  const ours = await attemptOn(probes.http, {address: server.address, options: {ca}})

  expect(ours.ok ? 1 : 0).toBe(theirs.get('probe_success'))
  expect(ours.facts).toMatchObject({
    http_status: theirs.get('probe_http_status_code'),
    ip_protocol: theirs.get('probe_ip_protocol'),
    tls_expires_at: theirs.get('probe_ssl_earliest_cert_expiry'),
  })
  const phases = [...theirs.keys()].flatMap(
    (key) => /^probe_http_duration_seconds\{phase="(\w+)"\}/.exec(key)?.[1] ?? [],
  )
  expect(ours.phases.map(({name}) => name).sort()).toEqual(phases.sort())
  const processing = ours.phases.find(({name}) => name === 'processing')
  for (const ms of [processing?.ms, 1000 * (theirs.get('probe_http_duration_seconds{phase="processing"}') ?? 0)]) {
    expect(ms).toBeGreaterThan(WAIT_MS - 2)
  }
})
