import {expect, test} from 'vitest'
import type {Report} from '../../src/core/report.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

test('both families are two targets, each by itself', async () => {
  const {port} = closing(await serveHttp((_request, response) => response.end('ok'))) // of IPv4 alone
  const {code, stdout} = await runCli(['http', `http://localhost:${port}`, '-4', '-6', '--json'])
  const {checks} = JSON.parse(stdout) as Report
  expect(checks.map(({target, attempts: [attempt]}) => [target, attempt?.ok])).toEqual([
    [`http://localhost:${port} (IPv4)`, true],
    [`http://localhost:${port} (IPv6)`, false],
  ])
  expect(code).toBe(1)
}, 30_000)
