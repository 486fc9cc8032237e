import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {startTurnServer, type TurnServer} from '../../src/demo/turn/server.ts'
import {need} from '../setup/need.ts'

const stunClient = need('turnutils_stunclient')
const turnClient = need('turnutils_uclient')
const run = promisify(execFile)
let server: TurnServer

beforeAll(async () => {
  server = await startTurnServer({users: {u: 'p'}, secret: 'shared', tls: await makeCertificate()})
})
afterAll(() => server.close())

test("coturn's STUN client learns its address", async () => {
  const {stdout} = await run(stunClient, ['-p', String(server.udpPort), '127.0.0.1'])
  expect(stdout).toMatch(/UDP reflexive addr: 127\.0\.0\.1:\d+/)
})

// `-c`: without a second, reserved port for RTCP; `-y`: client to client through two relays; `-s`: Send and Data, not channels;
// `-n`: messages of each of the two clients. Of one TLS record this client reads only the first message, and what a busy
// server writes in one go shares a record: one message each, over tls.
test.concurrent.each([
  {title: 'over udp', args: () => ['-u', 'u', '-w', 'p', '-p', String(server.udpPort)]},
  {title: 'over udp with indications', args: () => ['-s', '-u', 'u', '-w', 'p', '-p', String(server.udpPort)]},
  {title: 'over tcp', args: () => ['-t', '-u', 'u', '-w', 'p', '-p', String(server.tcpPort)]},
  {title: 'over tls', messages: 1, args: () => ['-t', '-S', '-u', 'u', '-w', 'p', '-p', String(server.tlsPort)]},
  {title: 'with a shared secret', args: () => ['-u', 'name', '-W', 'shared', '-p', String(server.udpPort)]},
])("coturn's TURN client loses nothing $title", async ({args, messages = 5}) => {
  const {stdout} = await run(turnClient, ['-c', '-y', '-n', String(messages), ...args(), '127.0.0.1'], {
    timeout: 18_000,
  })
  expect(stdout).toContain(`tot_send_msgs=${2 * messages}, tot_recv_msgs=${2 * messages}\n`)
  expect(stdout).toMatch(/Total lost packets 0 /)
})
